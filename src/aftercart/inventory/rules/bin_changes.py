"""What lies in which bin after something was laid into it or taken out, and what lies in none."""

from collections.abc import Iterable

from aftercart.inventory.model import BinQuantity, Stock

Bins = tuple[BinQuantity, ...]


def quantity_in(bins: Bins, code: str) -> int:
    """Returns how many units lie in a bin, by the books."""
    return sum(one.quantity for one in bins if one.bin == code)


def with_units(bins: Bins, code: str, delta: int) -> tuple[Bins, int]:
    """Returns the bins after so many units came or went, and by how much the books changed.

    Hands are right: where more is taken out than the books have, the bin is empty then.
    """
    before = quantity_in(bins, code)
    after = max(before + delta, 0)
    others = [one for one in bins if one.bin != code]
    if after:
        others.append(BinQuantity(bin=code, quantity=after))
    return tuple(sorted(others, key=lambda one: one.bin)), after - before


def loose_units(stock: Stock, bins: Iterable[BinQuantity]) -> int:
    """Returns how many units are on hand, in nobody's hands, and in no bin; below zero when the bins have too many."""
    return stock.on_hand - stock.in_hand - sum(one.quantity for one in bins)


def on_hand_variance(stock: Stock, bins: Bins, variance: int) -> int:
    """Returns how many more units there are on hand when so many more were found in a bin than the books said.

    What lay loose by the books, or was missing from the bins already, explains as much of it as it can.
    """
    loose = loose_units(stock, bins)
    explained = min(variance, max(loose, 0)) if variance > 0 else max(variance, min(loose, 0))
    return variance - explained
