"""A refusal says that a wish cannot be granted as things stand; its sentences are kept per language elsewhere."""

import re
from typing import ClassVar, Final

_WORD_BOUNDARY: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PACKAGE: Final = __name__.partition(".")[0] + "."
_GOT_CHARACTERS_MAX: Final = 100
_declared: dict[str, "type[Refusal]"] = {}


class Refusal(Exception):
    """The base of all typed refusals: ids and values in ``values``, the field at fault in ``param``, never prose.

    ``code`` is made from the class name: ``LineAlreadyPicked`` is ``line_already_picked``. ``status`` is that of HTTP.
    """

    code: ClassVar[str] = "refusal"
    status: ClassVar[int] = 409

    def __init__(self, *, param: str | None = None, **values: object) -> None:
        super().__init__()
        self.param = param
        self.values: dict[str, object] = values

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = _WORD_BOUNDARY.sub("_", cls.__name__).lower()
        if cls.__module__.startswith(_PACKAGE):
            if cls.code in _declared:
                raise TypeError(f"{cls.__module__} and {_declared[cls.code].__module__} both declare {cls.__name__}")
            _declared[cls.code] = cls

    def __str__(self) -> str:
        where = "" if self.param is None else f" at {self.param}"
        return f"{self.code}{where} {self.values}"


class Invalid(Refusal):
    """One field does not hold what is expected there; a long text in ``got`` is cut to its beginning."""

    status = 422

    def __init__(self, *, param: str, expected: str, got: object) -> None:
        shown = got[:_GOT_CHARACTERS_MAX] if isinstance(got, str) else got
        super().__init__(param=param, expected=expected, got=shown)


def all_refusals() -> tuple[type[Refusal], ...]:
    """Returns every refusal declared by the modules imported so far, sorted by code; refusals of tests are left out."""
    return tuple(_declared[code] for code in sorted(_declared))
