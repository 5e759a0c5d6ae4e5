"""One call as the routes see it: who asks for what, with which headers, in which language."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from litestar import Request

from aftercart.kit.commands import Actor
from aftercart.orders.handlers import OrderNotFound
from aftercart.sentences import Language
from aftercart.shop import Shop
from aftercart.views.delivery_options import DeliveryDesk
from aftercart.views.order import OrderReader
from aftercart.views.order_ids import find_order_id
from aftercart.web.api.admission import Admission
from aftercart.web.api.authentication import Authentication
from aftercart.web.api.bodies import decode_body, read_body
from aftercart.web.api.call_metrics import CallMetrics
from aftercart.web.api.headers import language_of
from aftercart.web.api.query import decode_query
from aftercart.web.api.refusals import MediaTypeNotSupported

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]


_JSON: Final = b"application/json"


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What all calls of one application share."""

    shop: Shop
    orders: OrderReader
    delivery: DeliveryDesk
    metrics: CallMetrics
    admission: Admission
    authentication: Authentication


class _NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters at all."""


class Call:
    """A call on its way through a route. ``actor`` is who calls; routes without a key see ``ANONYMOUS``."""

    __slots__ = ("_bytes_max", "actor", "delivery", "headers", "language", "metrics", "orders", "request", "shop")

    def __init__(self, request: AnyRequest, door: Door, *, bytes_max: int) -> None:
        self.request = request
        self._bytes_max = bytes_max
        self.shop = door.shop
        self.orders = door.orders
        self.delivery = door.delivery
        self.metrics = door.metrics
        self.headers: Mapping[bytes, bytes] = dict(request.scope["headers"])
        self.language: Language = language_of(self.headers.get(b"accept-language"))
        self.actor = ANONYMOUS

    async def body(self, decoder: "msgspec.json.Decoder[T]") -> T:
        """Returns the wish in the body; raises the refusal for a body that is too large, not JSON or not valid."""
        return decode_body(await self.json_bytes(), decoder)

    async def json_bytes(self) -> bytes:
        """Returns the body; raises the refusal for one that is too large or declared to be anything but JSON."""
        content_type = self.headers.get(b"content-type")
        if content_type is not None and content_type.partition(b";")[0].strip().lower() != _JSON:
            raise MediaTypeNotSupported(got=content_type.decode("latin-1")[:100])
        return await read_body(self.request.receive, self.headers.get(b"content-length"), bytes_max=self._bytes_max)

    def query(self, query_type: type[T]) -> T:
        """Returns the query parameters; raises ``Invalid`` for one that is unknown or does not fit."""
        return decode_query(self.request.scope["query_string"], query_type)

    def refuse_query(self) -> None:
        """Raises ``Invalid`` when the call has query parameters, for routes that know none."""
        if self.request.scope["query_string"]:
            self.query(_NoQuery)

    async def order_id(self) -> UUID:
        """Returns the id of the order in the path; raises ``OrderNotFound``."""
        order_id = await find_order_id(self.shop.database, self.request.path_params["order"])
        if order_id is None:
            raise OrderNotFound
        return order_id


ANONYMOUS = Actor(name="anonymous", role="anonymous")
