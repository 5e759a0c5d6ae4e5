from datetime import UTC, date, datetime, timedelta

from aftercart.importing.floor_load import HourOfDay, floor_load
from aftercart.importing.history import Life, Moment


def life(*releases: tuple[datetime, str]) -> Life:
    moments = tuple(
        Moment(
            type="OrderReleased",
            at=at,
            delivery_changed=False,
            trucks=(),
            promised_date=None,
            on_hold=False,
            release_at=None,
            locations=(location,),
        )
        for at, location in releases
    )
    return Life(number="1", channel="web", moments=moments)


def at(day: int, hour: int) -> datetime:
    return datetime(2011, 4, day, hour, 30, tzinfo=UTC)


def test_the_load_is_told_by_the_hours_of_the_shops_own_day() -> None:
    # In April the clocks of the shop are an hour ahead of UTC.
    lives = [
        life((at(4, 9), "leeds")),
        life((at(4, 9), "leeds")),
        life((at(5, 9), "leeds")),
        life((at(5, 12), "leeds")),
    ]
    (load,) = floor_load(lives, capacities={"leeds": 1})
    assert load.hours == (
        HourOfDay(hour=10, orders=3, mean=1.5, p95=2, max=2),
        HourOfDay(hour=13, orders=1, mean=0.5, p95=1, max=1),
    )
    assert (load.orders, load.days, load.busiest_orders) == (4, 2, 2)
    assert (load.busiest_at.date(), load.busiest_at.hour) == (date(2011, 4, 4), 10)
    assert (load.above_capacity_hours, load.above_capacity_orders) == (1, 1)


def test_an_order_of_two_places_is_work_for_both() -> None:
    loads = floor_load([life((at(4, 9), "leeds"), (at(4, 9), "bristol"))], capacities={})
    assert [(load.location, load.orders, load.above_capacity_hours) for load in loads] == [
        ("bristol", 1, 0),
        ("leeds", 1, 0),
    ]


def test_of_a_hundred_days_the_95th_is_told() -> None:
    first = datetime(2011, 11, 1, 9, tzinfo=UTC)
    lives = [life(*((first + timedelta(days=day), "leeds"),) * (day + 1)) for day in range(100)]
    (load,) = floor_load(lives, capacities={})
    assert load.hours == (HourOfDay(hour=9, orders=5_050, mean=50.5, p95=95, max=100),)
