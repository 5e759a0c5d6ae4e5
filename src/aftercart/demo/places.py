"""Where the demo shop keeps and sells its goods: three warehouses, twenty stores, three channels."""

from typing import Final, NamedTuple

from aftercart.inventory.decisions.upsert_locations import LocationDefinition
from aftercart.inventory.model import Coordinates, LocationKind
from aftercart.kit.address import Address
from aftercart.orders.decisions.upsert_channels import ChannelDefinition
from aftercart.orders.model import MissingStockPolicy

WEB: Final = "web"
PHONE: Final = "phone"
MARKETPLACE: Final = "marketplace"


class Place(NamedTuple):
    """A warehouse or a store of the demo, said to be ``of`` somewhere; its coordinates are about those of its town."""

    code: str
    of: str
    line1: str
    postcode: str
    city: str
    coordinates: tuple[float, float]
    cutoff: str
    ships: bool = False
    holiday_region: str | None = None


WAREHOUSES: Final = (
    Place("LYON", "de Lyon", "14 rue des Tisserands", "69007", "Lyon", (45.74, 4.84), "14:00", ships=True),
    Place("LILLE", "de Lille", "3 quai du Nord", "59000", "Lille", (50.63, 3.06), "15:30", ships=True),
    Place("BORDEAUX", "de Bordeaux", "27 allée des Chais", "33300", "Bordeaux", (44.87, -0.56), "13:00", ships=True),
)

STORES: Final = (
    Place("PARIS-MARAIS", "du Marais", "8 rue des Lanternes", "75003", "Paris", (48.86, 2.36), "17:00", ships=True),
    Place("NANTES", "de Nantes", "5 place du Passage", "44000", "Nantes", (47.21, -1.55), "17:00", ships=True),
    Place(
        "STRASBOURG", "de Strasbourg", "12 quai des Cigognes", "67000", "Strasbourg", (48.58, 7.75), "16:30",
        holiday_region="FR-67",
    ),
    Place("RENNES", "de Rennes", "19 rue du Lavoir", "35000", "Rennes", (48.11, -1.68), "17:00"),
    Place("TOULOUSE", "de Toulouse", "31 rue des Violettes", "31000", "Toulouse", (43.6, 1.44), "16:30", ships=True),
    Place("MARSEILLE", "de Marseille", "6 cours des Oursins", "13001", "Marseille", (43.3, 5.38), "17:00", ships=True),
    Place("NICE", "de Nice", "22 rue des Galets", "06000", "Nice", (43.7, 7.27), "17:00"),
    Place("MONTPELLIER", "de Montpellier", "9 rue des Platanes", "34000", "Montpellier", (43.61, 3.88), "17:00"),
    Place("GRENOBLE", "de Grenoble", "4 rue du Téléphérique", "38000", "Grenoble", (45.19, 5.72), "16:30"),
    Place("DIJON", "de Dijon", "17 rue des Moutardiers", "21000", "Dijon", (47.32, 5.04), "16:30"),
    Place("REIMS", "de Reims", "28 rue des Caves", "51100", "Reims", (49.26, 4.03), "17:00"),
    Place("ROUEN", "de Rouen", "11 rue des Colombages", "76000", "Rouen", (49.44, 1.1), "17:00"),
    Place("TOURS", "de Tours", "35 rue des Levées", "37000", "Tours", (47.39, 0.69), "16:30"),
    Place("CLERMONT", "de Clermont", "2 rue de la Lave", "63000", "Clermont-Ferrand", (45.78, 3.08), "16:30"),
    Place(
        "METZ", "de Metz", "13 rue des Mirabelles", "57000", "Metz", (49.12, 6.18), "17:00", holiday_region="FR-57"
    ),
    Place("BREST", "de Brest", "40 rue du Goéland", "29200", "Brest", (48.39, -4.49), "16:00"),
    Place("ANGERS", "d'Angers", "7 rue des Ardoises", "49000", "Angers", (47.47, -0.55), "16:30"),
    Place("CAEN", "de Caen", "16 rue des Pommiers", "14000", "Caen", (49.18, -0.37), "16:30"),
    Place("BAYONNE", "de Bayonne", "21 quai des Chocolatiers", "64100", "Bayonne", (43.49, -1.47), "16:00"),
    Place("ANNECY", "d'Annecy", "3 quai des Roseaux", "74000", "Annecy", (45.9, 6.13), "16:30"),
)  # fmt: skip

_FLOOR_UNITS: Final = 2
_PARCEL_COST_MINOR: Final = {LocationKind.WAREHOUSE: 420, LocationKind.STORE: 690}


def _location(place: Place, kind: LocationKind) -> LocationDefinition:
    store = kind is LocationKind.STORE
    name = f"{'Boutique' if store else 'Entrepôt'} {place.of}"
    latitude, longitude = place.coordinates
    return LocationDefinition(
        code=place.code,
        name=name,
        kind=kind,
        address=Address(name=name, line1=place.line1, postcode=place.postcode, city=place.city, country="FR"),
        timezone="Europe/Paris",
        cutoff=place.cutoff,
        working_days=(2, 3, 4, 5, 6) if store else (1, 2, 3, 4, 5),
        ships=place.ships,
        pickups=store,
        coordinates=Coordinates(latitude=latitude, longitude=longitude),
        opens="10:00" if store else "08:00",
        holiday_region=place.holiday_region,
        floor_units=_FLOOR_UNITS if store and place.ships else 0,
        parcel_cost_minor=_PARCEL_COST_MINOR[kind],
    )


LOCATIONS: Final = (
    *(_location(place, LocationKind.WAREHOUSE) for place in WAREHOUSES),
    *(_location(place, LocationKind.STORE) for place in STORES),
)

CHANNELS: Final = (
    ChannelDefinition(code=WEB, missing_stock=MissingStockPolicy.BACKORDER),
    ChannelDefinition(code=PHONE, missing_stock=MissingStockPolicy.BACKORDER),
    ChannelDefinition(code=MARKETPLACE, missing_stock=MissingStockPolicy.REFUSE),
)
