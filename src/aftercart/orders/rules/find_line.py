"""Finding the line a caller names."""

from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Order, OrderLine


def find_line(order: Order, line: int, *, param: str) -> OrderLine:
    """Returns the order's line of that number; raises ``Invalid`` when it has none."""
    # Lines are numbered from 1 without gaps, so a number is a place.
    if not 1 <= line <= len(order.lines):
        raise Invalid(param=param, expected=f"a line of the order, from 1 to {len(order.lines)}", got=line)
    return order.lines[line - 1]
