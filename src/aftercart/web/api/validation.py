"""What msgspec says about a value that does not fit, as refusals that name the field."""

import re
from typing import Final

import msgspec

from aftercart.kit.refusal import Invalid, Refusal

_AT: Final = re.compile(r" - at `(key in )?\$(?P<path>.*)`$")
_FIELD: Final = re.compile(r"Object (?:missing required|contains unknown) field `(?P<name>.*)`")


class MissingField(Refusal):
    """A field that must be there is not."""

    status = 422
    code = "invalid"


def refusal_of(error: msgspec.ValidationError) -> Refusal:
    """Returns the refusal behind a validation error: of the value's own type, or ``Invalid``."""
    return Invalid(param="", expected=str(error), got=None)
