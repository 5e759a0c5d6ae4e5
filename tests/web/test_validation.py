"""What the decoder says becomes the caller's own words, in both languages."""

import enum
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
import pytest

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.model import LocationKind
from aftercart.kit.money import Money
from aftercart.sentences import refusal_sentence
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.model import MethodKind
from aftercart.web.api.validation import refusal_of


class Color(enum.Enum):
    """A color."""

    RED = "red"
    BLUE = "blue"


class Sized(msgspec.Struct, kw_only=True):
    """Something of a size."""

    size: Literal["small", "large"]


class Thing(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Every kind of field."""

    name: Annotated[str, msgspec.Meta(min_length=2, max_length=3)] = "abc"
    maybe: str | None = None
    email: Annotated[str, msgspec.Meta(pattern="@")] = "@"
    code: Annotated[str, msgspec.Meta(pattern="^x$")] = "x"
    count: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    flag: bool = False
    color: Color = Color.RED
    kind: Color = Color.RED
    reason: Color | None = None
    by_day: dict[str, "Sized"] = {}
    id: UUID | None = None
    day: date | None = None
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    things: Annotated[list["Thing"], msgspec.Meta(max_length=1)] = []
    sizes: tuple[int, int] = (1, 2)
    options: Annotated[dict[Annotated[str, msgspec.Meta(min_length=1)], str], msgspec.Meta(max_length=1)] = {}
    price: Money | None = None


FIELDS: Final[tuple[tuple[Any, str, str], ...]] = (
    ((), "", "an object"),
    ({"nam": 1}, "nam", "no field of this name"),
    ({"things": [{"nam": 1}]}, "things[0].nam", "no field of this name"),
    ({"price": {"minor_units": 1}}, "price.currency", "a value"),
    ({"name": 1}, "name", "text"),
    ({"maybe": 1}, "maybe", "text or null"),
    ({"name": "a"}, "name", "at least 2 characters"),
    ({"name": "abcd"}, "name", "at most 3 characters"),
    ({"email": "a"}, "email", "an e-mail address"),
    ({"code": "a"}, "code", "text of another form"),
    ({"count": 0}, "count", "a whole number of at least 1"),
    ({"count": 2**63}, "count", "a whole number of at most 5"),
    ({"count": True}, "count", "a whole number"),
    ({"flag": 1}, "flag", "true or false"),
    ({"color": "green"}, "color", "one of red, blue"),
    ({"things": [{"color": "green"}]}, "things[0].color", "one of red, blue"),
    ({"reason": "green"}, "reason", "one of red, blue"),
    ({"by_day": {"monday": {"size": "green"}}}, "by_day.size", "one of large, small"),
    ({"id": "x"}, "id", "a UUID"),
    ({"id": 1}, "id", "a UUID or null"),
    ({"day": "monday"}, "day", "a date such as 2026-05-04"),
    ({"at": "noon"}, "at", "a moment such as 2026-05-04T09:30:00Z"),
    ({"at": "2026-05-04T09:30:00"}, "at", "a moment with its time zone"),
    ({"things": [{"flag": True}, {"flag": True}]}, "things", "at most 1 entry"),
    ({"things": [{"things": {"a": 1}}]}, "things[0].things", "a list"),
    ({"sizes": [1]}, "sizes", "exactly 2 entries"),
    ({"options": {"a": "b", "c": "d"}}, "options", "at most 1 field"),
    ({"options": {"": "b"}}, "options", "at least 1 character"),
    ({"options": {"a": 1}}, "options", "text"),
    ({"price": 1}, "price", "an object or null"),
)


@pytest.mark.parametrize(("body", "param", "expected"), FIELDS)
def test_a_validation_error_names_the_field_and_what_is_expected(body: Any, param: str, expected: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(msgspec.json.encode(body), type=Thing)
    refusal = refusal_of(raised.value, Thing)
    assert (refusal.code, refusal.param, refusal.values["expected"]) == ("invalid", param, expected)
    assert not refusal_sentence(refusal, "fr").endswith(f"{expected}.") or expected in {"null", "text"}


def test_a_type_of_its_own_refuses_in_its_own_words() -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(b'{"things": [{"price": {"minor_units": 1, "currency": "QQQ"}}]}', type=Thing)
    refusal = refusal_of(raised.value, Thing)
    assert (refusal.code, refusal.param) == ("unknown_currency", "things[0].price")


@pytest.mark.parametrize(
    ("command", "listed", "kinds"),
    [
        (UpsertVariants, "variants", VariantKind),
        (UpsertLocations, "locations", LocationKind),
        (UpsertDeliveryMethods, "methods", MethodKind),
    ],
)
def test_a_kind_is_one_of_those_of_its_own_list(command: type[Any], listed: str, kinds: type[enum.Enum]) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(msgspec.json.encode({listed: [{"kind": "drone"}]}), type=command)
    refusal = refusal_of(raised.value, command)
    assert refusal.param == f"{listed}[0].kind"
    assert refusal.values["expected"] == f"one of {', '.join(kind.value for kind in kinds)}"
