"""Faults and fates on demand: a recipient whose name or address has a mark such as ``+drop`` meets what it says."""

import enum
import re
from typing import Final

from aftercart.shipping.ports import Recipient

_MARK: Final = re.compile(r"\+([a-z]+(?:-[a-z]+)*)")


class Mark(enum.Enum):
    """What may be asked for; the first four each happen once for buying a label and once for voiding it."""

    FAIL_ONCE = "fail-once"  # nothing happens, and the answer is 500
    DROP = "drop"  # it happens, and the connection breaks before the answer
    SLOW = "slow"  # it happens, and the answer comes later than anybody waits
    GARBLE = "garble"  # it happens, and the answer cannot be understood
    REFUSE = "refuse"  # no label is ever made, for no reason that could be helped
    MESSY = "messy"  # what happens to the parcel is told twice and in the wrong order
    FAILED = "failed"  # nobody is there the first time
    RETURNED = "returned"  # the parcel comes back
    LATE = "late"  # it travels a week longer
    LOST = "lost"  # it is never seen again


_BY_VALUE: Final = {mark.value: mark for mark in Mark}


def marks_of(recipient: Recipient) -> frozenset[Mark]:
    """Returns the marks in a recipient's name and address lines; words that are none mean nothing."""
    address = recipient.address
    texts = [recipient.name]
    if address is not None:
        texts += [address.name, address.line1, address.line2 or ""]
    found = {word for text in texts for word in _MARK.findall(text)}
    return frozenset(_BY_VALUE[word] for word in found & _BY_VALUE.keys())
