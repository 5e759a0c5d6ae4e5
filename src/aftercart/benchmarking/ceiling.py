"""The ceiling: what the database itself manages when a good hand-written application places one order at a time.

pgbench runs one transaction per order that leaves the same rows as the bus: the order, its lines and units, the stock
it reserves under a lock, the event with its place in the queue, and the outcome. Everything that varies travels as a
parameter of a prepared statement, in the size of a real order, whose JSON is taken from one the bus has placed.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from typing import Final
from uuid import UUID

import msgspec

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.stage import WAREHOUSES
from aftercart.benchmarking.wishes import FIRST_SKU, LINES, THIRD, Customers, sku_of
from aftercart.kit.commands import Answer
from aftercart.kit.embedded_postgres import pgbench_path
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

CLIENTS: Final = 8
_BUYER: Final = 4_242
_MODEL_SKUS: Final = tuple(FIRST_SKU + third * THIRD + 123 for third in range(LINES))


class Ceiling(msgspec.Struct, frozen=True, kw_only=True):
    """Orders per second, and the average milliseconds of one transaction."""

    orders_per_second: float
    average_ms: float


async def model_order(shop: Shop) -> dict[str, str]:
    """Places one order and returns what pgbench needs to place more like it, by the names in its script."""
    wish = Customers(seed=1, stamp="model").order(_MODEL_SKUS, buyer=_BUYER)
    answer = await shop.submit(msgspec.convert(wish, PlaceOrder), SYSTEM)
    (row,) = await shop.database.rows(_MODEL, {"order_id": _order_id(answer)})
    model = dict(zip(_MODEL_COLUMNS, row, strict=True))
    specimens = {
        **{sku_of(number): f"SKU-%{place}$s" for place, number in enumerate(_MODEL_SKUS, 1)},
        **{f"PRODUCT-{number}": f"PRODUCT-%{place}$s" for place, number in enumerate(_MODEL_SKUS, 1)},
        **{f"modèle {number}": f"modèle %{place}$s" for place, number in enumerate(_MODEL_SKUS, 1)},
        f"buyer-{_BUYER}@": "buyer-%4$s@",
        model["number"]: "%5$s",
        wish["reference"]: "P-%5$s",
        model["placed_at_json"]: "%6$s",
    }
    model["event"] = _template(model["event"], specimens)
    model["customer"] = _template(model["customer"], specimens)
    return {name: text for name, text in model.items() if name not in {"number", "placed_at_json"}}


def run_ceiling(
    url: str, model: dict[str, str], *, seconds: int = 0, transactions: int = 0, clients: int = CLIENTS
) -> Ceiling:
    """Runs pgbench for ``seconds``, or for so many ``transactions`` a client; raises ``BenchFailed``."""
    length = ("-T", str(seconds)) if seconds else ("-t", str(transactions))
    variables = tuple(f"--define={name}={text}" for name, text in (model | _RANGES).items())
    settings = ("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)))
    with as_file(files("aftercart.benchmarking").joinpath("place_order.pgbench")) as script:
        outcome = subprocess.run(
            (pgbench_path(), *settings, *length, *variables, "-f", script, url),
            capture_output=True,
            text=True,
            check=False,
        )
    return _read(outcome.returncode, outcome.stdout, outcome.stderr)


def _read(code: int, said: str, complained: str) -> Ceiling:
    speed = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
    average = re.search(r"^latency average = ([0-9.]+) ms", said, re.MULTILINE)
    if code != 0 or speed is None or average is None:
        raise BenchFailed(f"pgbench failed with code {code}:\n{said[-500:]}\n{complained[-1500:]}")
    return Ceiling(orders_per_second=float(speed[1]), average_ms=float(average[1]))


def _order_id(answer: Answer) -> UUID:
    return UUID(msgspec.json.decode(answer.result)["order_id"])


def _template(text: str, specimens: Mapping[str, str]) -> str:
    escaped = text.replace("%", "%%")
    for specimen, placeholder in specimens.items():
        escaped = escaped.replace(specimen, placeholder)
    return escaped


_RANGES: Final = {"first": str(FIRST_SKU), "third": str(THIRD), "location": WAREHOUSES[0]}

_MODEL_COLUMNS: Final[Sequence[str]] = (
    "number",
    "placed_at_json",
    "event",
    "customer",
    "billing",
    "delivery",
    "payment",
    "sourcing",
    "fingerprint",
    "total",
    "price",
    "tax",
    "grams",
    "release",
)

_MODEL: Final = """
    SELECT o.number, e.data ->> 'placed_at', e.data::text, o.customer::text, o.billing_address::text, o.delivery::text,
        o.payment::text, o.sourcing::text, o.fingerprint, o.total_minor::text, l.unit_price_minor::text,
        l.tax_rate_bps::text, l.weight_grams::text, e.data ->> 'release_at'
    FROM orders.orders AS o
    JOIN orders.lines AS l ON l.order_id = o.order_id AND l.line = 1
    JOIN kit.event_log AS e ON e.stream = o.order_id AND e.seq = 1
    WHERE o.order_id = %(order_id)s
"""
