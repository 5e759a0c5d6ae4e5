"""Why a change is not possible: what hands have done, what the order is, or what the merchant decided."""

from datetime import datetime

from aftercart.kit.refusal import Refusal


class OrderAlreadyCanceled(Refusal):
    """Nothing of this order is wanted any more, so there is nothing to change."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class LineAlreadyCanceled(Refusal):
    """No unit of this line is wanted any more."""

    def __init__(self, *, number: str, line: int) -> None:
        super().__init__(param="line", number=number, line=line)


class UnitsAlreadyTouched(Refusal):
    """A hand touched the goods (``stage``) before this change came.

    ``touched_at`` is when the first goods of the order were taken in hand, where that is what stands against it.
    """

    def __init__(self, *, number: str, line: int, stage: str, touched_at: datetime | None) -> None:
        super().__init__(number=number, line=line, stage=stage, touched_at=touched_at)


class OrderAlreadyReleased(Refusal):
    """The merchant takes this change only until the order is handed to the floor, and that has happened."""

    def __init__(self, *, number: str, released_at: datetime) -> None:
        super().__init__(number=number, released_at=released_at)


class OrderAlreadyShipped(Refusal):
    """Everything that is wanted has left, so nothing can be added to it."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class GoesToPickupPoint(Refusal):
    """The order is collected at a pickup point, so it has no delivery address to change."""

    def __init__(self, *, number: str) -> None:
        super().__init__(param="address", number=number)


class GoesToAddress(Refusal):
    """The order is delivered to an address, so it has no pickup point to change."""

    def __init__(self, *, number: str) -> None:
        super().__init__(param="pickup_point", number=number)


class NothingToSplit(Refusal):
    """The order does not wait for a part of its units while another part is there."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class OrderOnHold(Refusal):
    """Something must be settled first; ``hold`` is the reason."""

    def __init__(self, *, number: str, hold: str) -> None:
        super().__init__(number=number, hold=hold)


class UnitsNotReady(Refusal):
    """Units of the order wait for stock or for their production, and nobody agreed to a second parcel."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class NothingToRelease(Refusal):
    """The order has no reserved units that could be handed to the floor."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class NotMadeToOrder(Refusal):
    """The line has no units whose production could begin, or be finished."""

    def __init__(self, *, number: str, line: int) -> None:
        super().__init__(param="line", number=number, line=line)


class ChangeNotOffered(Refusal):
    """The merchant does not offer this change."""

    def __init__(self, *, number: str, change: str) -> None:
        super().__init__(number=number, change=change)


class ChangeForAgentsOnly(Refusal):
    """The merchant leaves this change to customer service."""

    def __init__(self, *, number: str, change: str) -> None:
        super().__init__(number=number, change=change)


class ChangePeriodOver(Refusal):
    """The merchant offers this change for some time after the order was placed, and that is over."""

    def __init__(self, *, number: str, change: str, ended_at: datetime) -> None:
        super().__init__(number=number, change=change, ended_at=ended_at)
