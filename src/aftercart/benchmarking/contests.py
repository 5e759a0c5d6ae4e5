"""The rows of the table: what is asked of the server, over how many connections, and what is hoped for."""

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from aftercart.benchmarking.checkout import open_checkout
from aftercart.benchmarking.page import page_requests
from aftercart.benchmarking.server import HOST, RunningServer
from aftercart.benchmarking.stage import count_hours, let_stores_ship, let_warehouses_ship
from aftercart.benchmarking.wishes import FIRST_SCATTERED_SKU, FIRST_SKU, Customers
from aftercart.kit.database import Database
from aftercart.kit.ids import parse_order_number
from aftercart.shop import Shop

BULK_ORDERS: Final = 200
OPTIONS_PER_SECOND: Final = 500
_ORDERS_PER_SECOND_MAX: Final = 8_000
_CHANGES_PER_SECOND_MAX: Final = 5_000
_READS: Final = 20_000
_PAGE: Final = 20
_METHODS: Final = ("chronopost-express", "colissimo-home")


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What a row should reach: so many times the ceiling, so many a second, so many times the row ``of``.

    ``p99_ms`` is what 99 of 100 answers should stay below, where that is less than for all rows.
    """

    ceilings: float | None = None
    per_second: int | None = None
    shares: float | None = None
    of: str | None = None
    p99_ms: float | None = None


class StoredOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to be changed or read."""

    order_id: str
    number: str
    email: str
    name: str
    city: str


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a contest makes its requests from; ``stored`` are orders nobody has been asked to change in this round."""

    server: RunningServer
    customers: Customers
    stored: Sequence[StoredOrder]
    seconds: float
    turn: int


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """One row: ``requests`` are made before the clock runs, and sent once each unless it ``repeats``.

    ``races`` says that the ceiling is measured right before it. With ``per_second`` requests are sent at that pace,
    answered or not. ``set_up`` describes the shop it is played in.
    """

    name: str
    connections: int
    requests: Callable[[Asking], list[bytes]]
    goal: Goal | None = None
    races: bool = False
    repeats: bool = False
    per_second: int | None = None
    set_up: Callable[[Shop], Awaitable[None]] = let_warehouses_ship
    orders_per_request: int = 1
    refusal_mark: bytes | None = None


async def find_stored_orders(database: Database, *, turn: int, seconds: float) -> list[StoredOrder]:
    """Returns confirmed orders, other ones each ``turn``, enough for every contest of a round.

    Only orders served by the first warehouse, which has more of everything they want.
    """
    limit = int(seconds * _CHANGES_PER_SECOND_MAX) * 3
    rows = await database.rows(_STORED, {"turn": turn, "limit": limit})
    return [
        StoredOrder(order_id=str(order_id), number=number, email=email, name=name, city=city)
        for order_id, number, email, name, city in rows
    ]


def _orders(*, first_sku: int = FIRST_SKU, hot_sku: int | None = None) -> Callable[[Asking], list[bytes]]:
    def requests(asking: Asking) -> list[bytes]:
        count = int(asking.seconds * _ORDERS_PER_SECOND_MAX)
        wishes = itertools.islice(asking.customers.orders(first_sku=first_sku, hot_sku=hot_sku), count)
        return [asking.server.post("/v1/orders", wish, key=wish["reference"]) for wish in wishes]

    return requests


def _batches(asking: Asking) -> list[bytes]:
    count = int(asking.seconds * _ORDERS_PER_SECOND_MAX * 2 / BULK_ORDERS) + 1
    wishes = asking.customers.orders()
    batches = [list(itertools.islice(wishes, BULK_ORDERS)) for _ in range(count)]
    return [asking.server.post("/v1/orders/batch", {"orders": batch}, key=batch[0]["reference"]) for batch in batches]


def _third(asking: Asking, third: int) -> Sequence[StoredOrder]:
    size = len(asking.stored) // 3
    return asking.stored[third * size : (third + 1) * size]


def _addresses(asking: Asking) -> list[bytes]:
    return [
        asking.server.post(
            f"/v1/orders/{order.order_id}/change-delivery-address", {"address": asking.customers.address(place)}
        )
        for place, order in enumerate(_third(asking, 0))
    ]


def _quantities(asking: Asking) -> list[bytes]:
    wish = {"line": 1, "quantity": 2 + asking.turn}
    return [
        asking.server.post(f"/v1/orders/{order.order_id}/change-line-quantity", wish) for order in _third(asking, 1)
    ]


def _amendments(asking: Asking) -> list[bytes]:
    return [
        asking.server.post(
            f"/v1/orders/{order.order_id}/amend",
            {
                "operations": [
                    {"operation": "change_line_quantity", "line": 1, "quantity": 2 + asking.turn},
                    {"operation": "change_delivery_address", "address": asking.customers.address(place)},
                    {"operation": "add_gift_message", "message": f"Bon anniversaire ! {asking.turn}"},
                ]
            },
        )
        for place, order in enumerate(_third(asking, 0))
    ]


def _methods(asking: Asking) -> list[bytes]:
    wish = {"method": _METHODS[asking.turn % 2]}
    return [
        asking.server.post(f"/v1/orders/{order.order_id}/change-delivery-method", wish) for order in _third(asking, 1)
    ]


def _cancellations(asking: Asking) -> list[bytes]:
    wish = {"reason": "changed_mind"}
    return [asking.server.post(f"/v1/orders/{order.order_id}/cancel-order", wish) for order in _third(asking, 2)]


def _reads(path: Callable[[StoredOrder], str]) -> Callable[[Asking], list[bytes]]:
    return lambda asking: [asking.server.get(path(order)) for order in asking.stored[:_READS]]


def _pages(asking: Asking) -> list[bytes]:
    return page_requests(((order.order_id, order.number) for order in asking.stored[:_READS]), host=HOST)


def _options(asking: Asking) -> list[bytes]:
    wishes = itertools.islice(asking.customers.orders(first_sku=FIRST_SCATTERED_SKU), _READS)
    return [asking.server.get(_cart_on_its_way(wish)) for wish in wishes]


def _cart_on_its_way(wish: Mapping[str, Any]) -> str:
    address = wish["delivery"]["address"]
    lines = "&".join(f"line={line['sku']}:{line['quantity']}" for line in wish["lines"])
    way = f"country={address['country']}&postcode={address['postcode']}&channel={wish['channel']}"
    return f"/v1/delivery-options?{lines}&{way}"


def _searches_by_number(asking: Asking) -> list[bytes]:
    # pgbench cannot make check characters: a number of its own is searched like any other word.
    orders = [order for order in asking.stored if parse_order_number(order.number)] or asking.stored
    return [asking.server.get(_list(query=order.number, limit=_LIMIT)) for order in orders[:_READS]]


def _list(**filters: str) -> str:
    return "/v1/orders?" + "&".join(f"{name}={quote(text, safe='')}" for name, text in filters.items())


def _placing(connections: int, **others: Any) -> Contest:
    return Contest(name=f"place, {connections} connections", connections=connections, races=True, **others)


_SPREAD: Final = "place, 128 connections"
_READ: Final = Goal(per_second=3_000)
_CHANGE: Final = Goal(per_second=1_000)
_LIMIT: Final = str(_PAGE)

CONTESTS: Final[tuple[Contest, ...]] = (
    _placing(8, requests=_orders()),
    _placing(32, requests=_orders()),
    _placing(128, requests=_orders(), goal=Goal(ceilings=1.0)),
    Contest(
        name="place, one hot SKU",
        connections=128,
        requests=_orders(hot_sku=FIRST_SKU),
        goal=Goal(shares=0.8, of=_SPREAD),
        races=True,
    ),
    Contest(
        name="place, 20 candidate locations",
        connections=128,
        requests=_orders(first_sku=FIRST_SCATTERED_SKU),
        races=True,
        set_up=let_stores_ship,
    ),
    Contest(name="place, counted hours", connections=128, requests=_orders(), races=True, set_up=count_hours),
    Contest(
        name=f"place in bulk, {BULK_ORDERS} a call",
        connections=4,
        requests=_batches,
        goal=Goal(ceilings=1.5),
        races=True,
        orders_per_request=BULK_ORDERS,
        refusal_mark=b'"refused"',
    ),
    Contest(
        name="read an order",
        connections=32,
        requests=_reads(lambda order: f"/v1/orders/{order.order_id}"),
        goal=_READ,
        repeats=True,
    ),
    Contest(
        name="list, newest first",
        connections=32,
        requests=_reads(lambda _: _list(limit=_LIMIT)),
        goal=_READ,
        repeats=True,
    ),
    Contest(
        name="list, by status",
        connections=32,
        requests=_reads(lambda _: _list(status="confirmed", limit=_LIMIT)),
        goal=_READ,
        repeats=True,
    ),
    Contest(
        name="list, by e-mail",
        connections=32,
        requests=_reads(lambda order: _list(email=order.email, limit=_LIMIT)),
        goal=_READ,
        repeats=True,
    ),
    Contest(
        name="search, by number",
        connections=32,
        requests=_searches_by_number,
        goal=_READ,
        repeats=True,
    ),
    Contest(
        name="search, by name and city",
        connections=32,
        requests=_reads(lambda order: _list(query=f"{order.name} {order.city}", limit=_LIMIT)),
        goal=_READ,
        repeats=True,
    ),
    Contest(name="a customer's page", connections=2, requests=_pages, repeats=True, goal=Goal(p99_ms=50.0)),
    Contest(name="change-delivery-address", connections=128, requests=_addresses, goal=_CHANGE),
    Contest(name="change-line-quantity", connections=128, requests=_quantities, goal=_CHANGE),
    Contest(name="change-delivery-method", connections=128, requests=_methods, goal=_CHANGE),
    Contest(name="amend, three operations", connections=128, requests=_amendments, goal=Goal(per_second=500)),
    Contest(
        name=f"delivery options, {OPTIONS_PER_SECOND} calls a second",
        connections=64,
        requests=_options,
        goal=Goal(p99_ms=50.0),
        repeats=True,
        per_second=OPTIONS_PER_SECOND,
        set_up=open_checkout,
    ),
    # The last one: what it frees keeps the reactions busy for a while.
    Contest(name="cancel-order", connections=128, requests=_cancellations, goal=_CHANGE),
)

_STORED: Final = """
    SELECT order_id, number, email, customer ->> 'name', delivery -> 'address' ->> 'city'
    FROM orders.orders
    WHERE status = 'confirmed' AND sourcing -> 'chosen' = '["WH1"]'
    ORDER BY hashtextextended(number, %(turn)s)
    LIMIT %(limit)s
"""
