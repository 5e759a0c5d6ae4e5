"""Teaching the shop where postcodes are, so that what is near can be found."""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.address import POSTCODE_CHARACTERS_MAX, validate_postcode
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.refusal import Invalid
from aftercart.shipping.events import PlacedPostcode, PostcodesUpserted
from aftercart.shipping.model import PostcodeKey
from aftercart.shipping.rules.whereabouts import postcode_key

POSTCODES_MAX: Final = 10_000
DECIMALS: Final = 5
"""Of degrees: about a meter."""


class PostcodeDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A postcode, as its country writes it, and the middle of its area."""

    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$", min_length=2, max_length=2)]
    postcode: Annotated[str, msgspec.Meta(min_length=1, max_length=POSTCODE_CHARACTERS_MAX)]
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class UpsertPostcodes(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Learn where these postcodes are."""

    postcodes: Annotated[tuple[PostcodeDefinition, ...], msgspec.Meta(min_length=1, max_length=POSTCODES_MAX)]


def upsert_postcodes(
    command: UpsertPostcodes, find_coordinates: Callable[[PostcodeKey], Coordinates | None]
) -> tuple[tuple[PostcodesUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is known already.

    Raises ``Invalid`` for a postcode that is no such country's, or that is named twice.
    """
    seen: set[PostcodeKey] = set()
    changed: list[PlacedPostcode] = []
    created = 0
    for index, definition in enumerate(command.postcodes):
        at = f"postcodes[{index}]"
        key = postcode_key(definition.country, definition.postcode)
        if validate_postcode(definition.country, definition.postcode, param=at)[1] != definition.postcode:
            expected = "a postcode as its country writes it"
            raise Invalid(param=f"{at}.postcode", expected=expected, got=definition.postcode)
        if key in seen:
            raise Invalid(param=f"{at}.postcode", expected="each postcode once per call", got=definition.postcode)
        seen.add(key)
        current = find_coordinates(key)
        wanted = Coordinates(
            latitude=round(definition.latitude, DECIMALS), longitude=round(definition.longitude, DECIMALS)
        )
        if wanted != current:
            created += current is None
            changed.append(PlacedPostcode(country=key.country, postcode=key.postcode, coordinates=wanted))
    events = (PostcodesUpserted(postcodes=tuple(changed)),) if changed else ()
    result = UpsertResult(
        created=created, updated=len(changed) - created, unchanged=len(command.postcodes) - len(changed)
    )
    return events, result
