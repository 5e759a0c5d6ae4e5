from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.importing.history import Life, Moment
from aftercart.importing.promises import Cause, Fate, Outcome, outcome_of, promises_of
from aftercart.shipping.model import Truck

PLACED = datetime(2011, 3, 7, 10, tzinfo=UTC)
TRUCK = datetime(2011, 3, 7, 14, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = TRUCK + 3 * DAY
THURSDAY = date(2011, 3, 10)


def moment(
    event: str,
    at: datetime,
    *,
    trucks: tuple[datetime, ...] = (),
    promised: date | None = None,
    changed: bool = False,
    on_hold: bool = False,
    release_at: datetime | None = None,
    locations: tuple[str, ...] = (),
) -> Moment:
    return Moment(
        type=event,
        at=at,
        delivery_changed=changed or promised is not None,
        trucks=tuple(Truck(location=f"W{number}", at=truck) for number, truck in enumerate(trucks)),
        promised_date=promised,
        on_hold=on_hold,
        release_at=release_at,
        locations=locations,
    )


def placed(*trucks: datetime, on_hold: bool = False, release_at: datetime | None = None) -> Moment:
    return moment(
        "OrderPlaced",
        PLACED,
        trucks=trucks or (TRUCK,),
        promised=THURSDAY,
        on_hold=on_hold,
        release_at=release_at,
    )


def released(at: datetime) -> Moment:
    return moment("OrderReleased", at, locations=("W0",))


NEXT_WEEK = THURSDAY + 7 * DAY
MOVED = moment("PromiseMoved", PLACED + timedelta(hours=1), trucks=(TRUCK + 7 * DAY,), promised=NEXT_WEEK)
CUSTOMERS_OWN = moment("LineAdded", PLACED + timedelta(hours=1), trucks=(TRUCK + DAY,), promised=THURSDAY + DAY)
CANCELED = moment("OrderCanceled", PLACED + timedelta(hours=1))


@pytest.mark.parametrize(
    ("moments", "outcome"),
    [
        ((placed(), released(TRUCK)), Outcome(fate=Fate.KEPT)),
        # The part that leaves first does not decide the day.
        ((placed(TRUCK, TRUCK + DAY), released(TRUCK + DAY)), Outcome(fate=Fate.KEPT)),
        (
            (placed(release_at=TRUCK), released(TRUCK + timedelta(seconds=1))),
            Outcome(fate=Fate.BROKEN, cause=Cause.LATE),
        ),
        ((placed(),), Outcome(fate=Fate.BROKEN, cause=Cause.WAITING)),
        ((placed(on_hold=True), CANCELED._replace(at=LATER)), Outcome(fate=Fate.BROKEN, cause=Cause.ON_HOLD)),
        ((placed(TRUCK + 9 * DAY),), Outcome(fate=Fate.OPEN)),
        ((placed(), MOVED, released(TRUCK + DAY)), Outcome(fate=Fate.MOVED, days_later=7)),
        # Who was told another day may be disappointed all the same.
        (
            (placed(), MOVED._replace(trucks=(Truck(location="W0", at=TRUCK + DAY),)), released(LATER)),
            Outcome(fate=Fate.BROKEN, cause=Cause.WAITING, days_later=7),
        ),
        # A customer's own change is a new promise.
        ((placed(), CUSTOMERS_OWN, released(TRUCK + DAY)), Outcome(fate=Fate.KEPT, days_later=1)),
        ((placed(), CANCELED), Outcome(fate=Fate.WITHDRAWN)),
        # Nothing was promised before goods came.
        ((moment("OrderPlaced", PLACED),), None),
        (
            (
                moment("OrderPlaced", PLACED),
                moment("BackorderReserved", PLACED + DAY, trucks=(LATER,), promised=NEXT_WEEK),
                released(LATER),
            ),
            Outcome(fate=Fate.KEPT),
        ),
        # The shop does not know any more when.
        ((placed(), moment("UnitsMissing", PLACED, changed=True)), Outcome(fate=Fate.MOVED)),
        ((placed(), moment("LineAdded", PLACED, changed=True)), Outcome(fate=Fate.OPEN)),
    ],
)
def test_an_order_keeps_its_promise_when_it_is_released_before_its_last_truck_leaves(
    moments: tuple[Moment, ...], outcome: Outcome | None
) -> None:
    assert outcome_of(moments, now=LATER) == outcome


def moments_of(draw: st.DrawFn) -> tuple[Moment, ...]:
    at = PLACED
    moments = [draw(st.sampled_from([placed(), placed(on_hold=True), moment("OrderPlaced", PLACED)]))]
    for _ in range(draw(st.integers(0, 4))):
        at += timedelta(hours=draw(st.integers(0, 30)))
        event = draw(st.sampled_from([MOVED, CUSTOMERS_OWN, CANCELED, released(at), moment("HoldLifted", at)]))
        moments.append(event._replace(at=at))
    return tuple(moments)


LIVES = st.lists(
    st.composite(moments_of)().map(lambda moments: Life(number="1", channel="web", moments=moments)), max_size=30
)


@given(LIVES)
def test_kept_broken_moved_and_open_promises_are_all_there_are(lives: list[Life]) -> None:
    told = promises_of(lives, now=LATER)
    assert told.promised == told.kept + told.broken + told.moved + told.open
    assert told.promised + told.withdrawn <= told.orders == len(lives)
    assert sum(told.broken_by.values()) == told.broken
    assert told.delayed <= told.promised
