"""What the API itself refuses, before a command is even made."""

from aftercart.kit.refusal import Refusal


class Unauthenticated(Refusal):
    """The call carries no key, or one that nobody has."""

    status = 401

    def __init__(self) -> None:
        super().__init__(param="Authorization")


class RouteNotFound(Refusal):
    """Nothing lives at this path."""

    status = 404

    def __init__(self) -> None:
        super().__init__()


class MethodNotAllowed(Refusal):
    """The path exists, but not with this method; ``allowed`` is what the header ``Allow`` says."""

    status = 405

    def __init__(self, *, allowed: str) -> None:
        super().__init__(allowed=allowed)


class MediaTypeNotSupported(Refusal):
    """The body is not declared to be JSON."""

    status = 415

    def __init__(self, *, got: str) -> None:
        super().__init__(param="Content-Type", got=got)


class BodyTooLarge(Refusal):
    """The body has more bytes than this call takes."""

    status = 413

    def __init__(self, *, bytes_max: int) -> None:
        super().__init__(bytes_max=bytes_max)


class MalformedJson(Refusal):
    """The body is not JSON; ``byte`` is where it ceases to be, if that is known."""

    status = 400

    def __init__(self, *, byte: int | None = None) -> None:
        super().__init__(byte=byte)


class IdempotencyKeyMissing(Refusal):
    """This call must carry a key, so that it can be repeated safely."""

    status = 400

    def __init__(self) -> None:
        super().__init__(param="Idempotency-Key")


class IdempotencyKeyMalformed(Refusal):
    """The key is not 1 to ``characters_max`` visible ASCII characters."""

    status = 400

    def __init__(self, *, characters_max: int) -> None:
        super().__init__(param="Idempotency-Key", characters_max=characters_max)


class BadRequest(Refusal):
    """The call is not well-formed HTTP."""

    status = 400

    def __init__(self) -> None:
        super().__init__()


class InternalError(Refusal):
    """Something is broken on our side; it was logged under ``incident``."""

    status = 500

    def __init__(self, *, incident: str) -> None:
        super().__init__(incident=incident)
