"""What the demo shop sells: some forty invented products in sizes and colors."""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from aftercart.catalog.decisions.upsert_variants import AdvantageDefinition, ComponentDefinition, VariantDefinition
from aftercart.catalog.model import VariantKind
from aftercart.kit.money import Money

CURRENCY: Final = "EUR"
_GTIN_PREFIX: Final = "200"  # for numbers inside one company (GS1): no product elsewhere has ours


class Product(NamedTuple):
    """One product; each of its sizes in each of its colors is a variant. ``box_mm`` is length, width, height.

    ``parts`` are the products in one bundle, each in the bundle's own color.
    """

    code: str
    name: str
    price_minor: int
    weight_grams: int
    box_mm: tuple[int, int, int]
    sizes: tuple[str, ...]
    colors: tuple[str, ...]
    tax_rate: str = "0.20"
    kind: VariantKind = VariantKind.STOCKED
    weeks_ahead: int = 0
    advantage: AdvantageDefinition | None = None
    production_days: int | None = None
    parts: tuple[tuple[str, int], ...] = ()


_LETTERS: Final = ("XS", "S", "M", "L", "XL")
_TROUSERS: Final = ("38", "40", "42", "44")
_SHOES: Final = ("38", "39", "40", "41", "42", "43")
_BEDS: Final = ("140x200", "220x240")
_ONE: Final = ("",)

PRODUCTS: Final = (
    Product("RIVAGE", "Chemise en lin Rivage", 6900, 240, (320, 240, 30), _LETTERS, ("blanc", "ciel", "sable")),
    Product("PLATANE", "T-shirt en coton Platane", 2490, 160, (280, 220, 20), _LETTERS, ("blanc", "noir", "kaki")),
    Product("GARRIGUE", "Robe longue Garrigue", 8900, 380, (350, 260, 40), _LETTERS, ("terracotta", "noir")),
    Product("MISTRAL", "Coupe-vent Mistral", 11900, 520, (360, 280, 60), _LETTERS, ("marine", "moutarde")),
    Product("CALANQUE", "Maillot Calanque", 3900, 120, (220, 160, 25), _LETTERS, ("corail", "marine")),
    Product("VERCORS", "Pull en laine Vercors", 9500, 610, (380, 300, 80), _LETTERS, ("écru", "anthracite", "sapin")),
    Product("BOCAGE", "Pantalon chino Bocage", 5900, 450, (340, 260, 40), _TROUSERS, ("beige", "marine", "kaki")),
    Product("ATELIER", "Jean droit Atelier", 7900, 720, (340, 270, 50), _TROUSERS, ("brut", "délavé")),
    Product("CANOPEE", "Jupe plissée Canopée", 5500, 300, (330, 250, 35), _TROUSERS, ("sapin", "rose")),
    Product("HALAGE", "Short Halage", 3500, 260, (280, 220, 30), _TROUSERS, ("sable", "ciel")),
    Product("ESTRAN", "Marinière Estran", 3900, 230, (300, 230, 25), _LETTERS, ("marine", "rouge")),
    Product("BRUME", "Imperméable Brume", 14900, 900, (400, 320, 90), _LETTERS, ("jaune", "marine")),
    Product("SENTIER", "Chaussures Sentier", 12900, 1150, (340, 220, 130), _SHOES, ("cognac", "noir")),
    Product("QUAI", "Baskets en toile Quai", 6900, 780, (330, 210, 120), _SHOES, ("blanc", "noir")),
    Product("VERANDA", "Sandales Véranda", 5900, 540, (310, 200, 100), _SHOES, ("cognac",)),
    Product("CHAUMIERE", "Chaussons Chaumière", 3400, 320, (300, 190, 100), _SHOES, ("gris",)),
    Product("GIVRE", "Bonnet Givre", 2500, 90, (200, 180, 40), _ONE, ("écru", "bordeaux", "marine")),
    Product("LISIERE", "Écharpe Lisière", 4500, 210, (260, 200, 50), _ONE, ("camel", "gris")),
    Product("ANCRE", "Ceinture Ancre", 3900, 180, (160, 160, 50), ("85", "95", "105"), ("cognac", "noir")),
    Product("BESACE", "Besace en cuir Marché", 15900, 950, (360, 280, 110), _ONE, ("cognac", "noir")),
    Product("CABAS", "Cabas en toile Dimanche", 2900, 260, (380, 320, 30), _ONE, ("écru", "sapin")),
    Product("CHAUSSETTE", "Chaussettes Mi-saison", 990, 60, (160, 90, 25), ("36-40", "41-45"), ("noir", "moutarde")),
    Product("AUBE", "Housse de couette Aube", 8900, 1900, (400, 320, 90), _BEDS, ("lin", "bleu nuit")),
    Product("SIESTE", "Taie d'oreiller Sieste", 1900, 210, (300, 220, 20), ("50x70", "65x65"), ("lin", "bleu nuit")),
    Product("COCON", "Plaid Cocon", 5900, 1100, (400, 320, 120), _ONE, ("écru", "terracotta")),
    Product("GALET", "Assiette plate Galet", 1400, 560, (280, 280, 35), _ONE, ("blanc", "gris")),
    Product("GALETBOL", "Bol Galet", 1100, 340, (160, 160, 90), _ONE, ("blanc", "gris")),
    Product("GALETTASSE", "Tasse Galet", 950, 280, (120, 100, 100), _ONE, ("blanc", "gris")),
    Product("SOURCE", "Carafe Source", 3200, 820, (260, 130, 130), _ONE, ("transparent",)),
    Product("BISTROT", "Verre Bistrot, lot de six", 2400, 1300, (260, 180, 110), _ONE, ("transparent",)),
    Product("FOURNIL", "Planche à pain Fournil", 3900, 1400, (420, 260, 40), _ONE, ("chêne",)),
    Product("POTAGER", "Tablier Potager", 2900, 300, (300, 230, 30), _ONE, ("lin", "sapin")),
    Product("VEILLEE", "Bougie Veillée", 2200, 420, (100, 90, 90), _ONE, ("figue", "cèdre", "menthe")),
    Product("LAMPION", "Lampe à poser Lampion", 7900, 1700, (340, 240, 240), _ONE, ("laiton", "noir")),
    Product("VANNERIE", "Panier Vannerie", 3400, 700, (400, 300, 280), ("petit", "grand"), ("naturel",)),
    Product("MIROIR", "Miroir Lucarne", 8500, 3200, (520, 520, 60), _ONE, ("laiton",)),
    Product("TISANE", "Tisane du soir", 790, 80, (120, 80, 80), _ONE, ("verveine", "tilleul"), "0.055"),
    Product("CARNET", "Carnet de recettes de saison", 1890, 430, (240, 170, 20), _ONE, ("ocre",), "0.055"),
    Product(
        "ETABLI", "Table en chêne Établi", 64900, 28000, (1600, 800, 120), ("160", "180"), ("chêne",),
        kind=VariantKind.MADE_TO_ORDER, production_days=15,
    ),
    Product(
        "NORDET", "Parka Nordet, collection d'hiver", 18900, 1250, (420, 340, 120), _LETTERS, ("marine",),
        kind=VariantKind.PREORDER, weeks_ahead=8, advantage=AdvantageDefinition(discount="0.10"),
    ),
    Product(
        "SILLAGE", "Bottines Sillage, collection d'hiver", 15900, 1300, (340, 220, 130), _SHOES, ("noir",),
        kind=VariantKind.PREORDER, weeks_ahead=5, advantage=AdvantageDefinition(free_delivery=True),
    ),
    Product(
        "TABLEE", "Service Tablée, six couverts", 17900, 0, (420, 420, 320), _ONE, ("blanc", "gris"),
        kind=VariantKind.BUNDLE, parts=(("GALET", 6), ("GALETBOL", 6), ("GALETTASSE", 6)),
    ),
)  # fmt: skip


def demo_variants(today: date) -> tuple[VariantDefinition, ...]:
    """Returns every variant of every product, in the order of the table; pre-orders are announced from ``today`` on."""
    return tuple(variant for number, product in enumerate(PRODUCTS) for variant in _variants(number, product, today))


def sku_of(code: str, *, size: str = "", color: str) -> str:
    """Returns the SKU of one variant, such as ``RIVAGE-CIEL-M``."""
    plain = unicodedata.normalize("NFKD", color).encode("ascii", "ignore").decode().upper().replace(" ", "")
    return "-".join(part for part in (code, plain, size.upper()) if part)


def _variants(number: int, product: Product, today: date) -> Iterator[VariantDefinition]:
    pairs = [(size, color) for color in product.colors for size in product.sizes]
    for place, (size, color) in enumerate(pairs):
        yield VariantDefinition(
            sku=sku_of(product.code, size=size, color=color),
            product=product.code.lower(),
            name=", ".join(part for part in (product.name, color, size) if part),
            price=Money(minor_units=product.price_minor, currency=CURRENCY),
            tax_rate=product.tax_rate,
            weight_grams=product.weight_grams,
            dimensions_mm=product.box_mm,
            options={name: choice for name, choice in (("size", size), ("color", color)) if choice},
            gtin=_gtin(f"{_GTIN_PREFIX}{number:05}{place:04}"),
            kind=product.kind,
            available_from=today + timedelta(weeks=product.weeks_ahead) if product.weeks_ahead else None,
            advantage=product.advantage,
            production_days=product.production_days,
            components=tuple(
                ComponentDefinition(sku=sku_of(code, color=color), quantity=quantity)
                for code, quantity in product.parts
            ),
            substitutes=tuple(
                sku_of(product.code, size=size, color=other) for other in product.colors if other != color
            ),
        )


def _gtin(digits: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-weighted % 10}"
