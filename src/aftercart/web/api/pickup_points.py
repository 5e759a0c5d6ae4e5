"""Where parcels can be collected near a postcode."""

from typing import Annotated, Final

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.address import Address, validate_postcode
from aftercart.kit.refusal import Invalid
from aftercart.permissions import authorize_read
from aftercart.shipping.model import MethodKind, MethodsKey
from aftercart.shipping.queries import RADIUS_KM, NearPoint, find_coordinates, find_nearest_points
from aftercart.shipping.rules.zones import neighbors_of
from aftercart.web.api.call import Call
from aftercart.web.api.order_commands import encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

LIMIT_DEFAULT: Final = 10
LIMIT_MAX: Final = 50
RADIUS_KM_MAX: Final = 500
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class PickupPointsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Near which postcode: points of a ``method``, of a ``network``, or of all networks that methods go to."""

    country: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2}$", min_length=2, max_length=2)]
    postcode: Annotated[str, msgspec.Meta(max_length=20)] = ""
    method: _Code | None = None
    network: _Code | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT
    radius_km: Annotated[int, msgspec.Meta(ge=1, le=RADIUS_KM_MAX)] = RADIUS_KM


class PickupPointAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A pickup point; ``opening_hours`` are written as in OpenStreetMap."""

    network: str
    code: str
    name: str
    address: Address
    latitude: float
    longitude: float
    distance_km: float
    opening_hours: str


class PickupPointsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The points, nearest first, measured from ``near``: the middle of the postcode, or about where it is."""

    near: Coordinates
    items: list[PickupPointAnswer]


async def read(call: Call) -> Reply:
    """Reads the pickup points nearest to a postcode."""
    query = call.query(PickupPointsQuery)
    authorize_read(call.actor, "pickup_points")
    country, postcode = validate_postcode(query.country, query.postcode, param="")
    networks = await _networks(call, query)
    near = await find_coordinates(call.shop.database, country=country, postcode=postcode)
    if near is None:
        raise Invalid(param="postcode", expected="a postcode whose place is known", got=query.postcode)
    found = await find_nearest_points(
        call.shop.database,
        networks=networks,
        countries=neighbors_of(country),
        near=near,
        limit=query.limit,
        radius_km=query.radius_km,
    )
    return Reply(200, encode(PickupPointsAnswer(near=near, items=[_answer(one) for one in found])))


async def _networks(call: Call, query: PickupPointsQuery) -> list[str]:
    if query.method is not None and query.network is not None:
        raise Invalid(param="network", expected="either a method or a network", got=query.network)
    if query.network is not None:
        return [query.network]
    state = await call.shop.bus.read((MethodsKey(),))
    methods = [one for one in state.find(MethodsKey()) or () if one.kind is MethodKind.PICKUP_POINT and one.active]
    if query.method is None:
        return [one.network for one in methods if one.network is not None]
    networks = [one.network for one in methods if one.code == query.method and one.network is not None]
    if not networks:
        expected = "a delivery method that is collected at pickup points"
        raise Invalid(param="method", expected=expected, got=query.method)
    return networks


def _answer(near: NearPoint) -> PickupPointAnswer:
    point = near.point
    return PickupPointAnswer(
        network=point.network,
        code=point.code,
        name=point.name,
        address=point.address,
        latitude=point.latitude,
        longitude=point.longitude,
        distance_km=round(near.distance_km, 2),
        opening_hours=point.opening_hours,
    )


ROUTES: Final = (
    Route(
        name="read_pickup_points",
        method="GET",
        path="/v1/pickup-points",
        tag="Delivery",
        summary="Find the nearest pickup points",
        description=(
            "Distances are in kilometers from the middle of the postcode, of its department's main town when the "
            "postcode is not in the directory, or of its country's. None farther than `radius_km` is told."
        ),
        handle=read,
        query=PickupPointsQuery,
        answers=(Answered(status=200, meaning="Points, nearest first", shape=PickupPointsAnswer),),
        refusals=(Invalid,),
    ),
)
