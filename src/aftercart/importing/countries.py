"""The countries of the retail file: what its names mean, and a place in each for invented addresses."""

from typing import Final

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A country by its ISO 3166 alpha-2 code, a city there and a postcode as it is written there.

    ``chosen`` says that the file's name is no country, or several, so that one of them was chosen.
    """

    country: str
    city: str
    postcode: str
    chosen: bool = False


HOME_COUNTRY: Final = "GB"

_GREAT_BRITAIN: Final = ("GB", "London", "SW1A 1AA")

_PLACES: Final = {
    "Australia": ("AU", "Sydney", "2000"),
    "Austria": ("AT", "Wien", "1010"),
    "Bahrain": ("BH", "Manama", "317"),
    "Belgium": ("BE", "Antwerpen", "2000"),
    "Brazil": ("BR", "São Paulo", "01310-100"),
    "Canada": ("CA", "Toronto", "M5V 2T6"),
    "Cyprus": ("CY", "Nicosia", "1010"),
    "Czech Republic": ("CZ", "Praha", "110 00"),
    "Denmark": ("DK", "København", "1050"),
    "EIRE": ("IE", "Dublin", "D02 AF30"),
    "Finland": ("FI", "Helsinki", "00100"),
    "France": ("FR", "Paris", "75001"),
    "Germany": ("DE", "Berlin", "10117"),
    "Greece": ("GR", "Athina", "105 57"),
    "Hong Kong": ("HK", "Kowloon", ""),
    "Iceland": ("IS", "Reykjavík", "101"),
    "Israel": ("IL", "Tel Aviv", "6100000"),
    "Italy": ("IT", "Roma", "00144"),
    "Japan": ("JP", "Tokyo", "100-0001"),
    "Lebanon": ("LB", "Beirut", "1100"),
    "Lithuania": ("LT", "Vilnius", "01100"),
    "Malta": ("MT", "Valletta", "VLT 1117"),
    "Netherlands": ("NL", "Amsterdam", "1012 JS"),
    "Norway": ("NO", "Oslo", "0150"),
    "Poland": ("PL", "Warszawa", "00-001"),
    "Portugal": ("PT", "Lisboa", "1100-148"),
    "RSA": ("ZA", "Cape Town", "8001"),
    "Saudi Arabia": ("SA", "Riyadh", "11564"),
    "Singapore": ("SG", "Singapore", "238880"),
    "Spain": ("ES", "Madrid", "28013"),
    "Sweden": ("SE", "Stockholm", "11129"),
    "Switzerland": ("CH", "Zürich", "8001"),
    "USA": ("US", "New York", "10001"),
    "United Arab Emirates": ("AE", "Dubai", ""),
    "United Kingdom": _GREAT_BRITAIN,
}

# The larger of the two bailiwicks, the seat of the union, and the shop's own country.
_CHOSEN: Final = {
    "Channel Islands": ("JE", "St Helier", "JE2 3AB"),
    "European Community": ("BE", "Bruxelles", "1000"),
    "Unspecified": _GREAT_BRITAIN,
}

PLACES: Final[dict[str, Place]] = {
    **{name: Place(country=code, city=city, postcode=postcode) for name, (code, city, postcode) in _PLACES.items()},
    **{
        name: Place(country=code, city=city, postcode=postcode, chosen=True)
        for name, (code, city, postcode) in _CHOSEN.items()
    },
}
"""Every name the file has for a country; a name that is not here is set aside."""

PLACE_OF_COUNTRY: Final[dict[str, Place]] = {place.country: place for place in PLACES.values()}
"""The place an invented address has, by ISO code."""
