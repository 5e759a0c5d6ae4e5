"""English: the steps of a promise's calculation."""

from typing import Final

STEPS: Final = {
    "stock": "In stock ({location}).",
    "supply": "Expected in stock on {on} ({location}).",
    "production": "Made for you by {on} ({location}).",
    "together": "Waits for the rest, which is there on {on} ({location}).",
    "truck": "Leaves on {on} at {time} ({location}).",
    "truck.after_cutoff": "The day's departure was over: leaves on {on} at {time} ({location}).",
    "truck.closed": "No departure that day: leaves on {on} at {time} ({location}).",
    "truck.truck_full": "Earlier departures are full: leaves on {on} at {time} ({location}).",
    "store": "Ready to be collected on {on} at {time} ({location}).",
    "store.after_cutoff": "The day's work was over: ready to be collected on {on} at {time} ({location}).",
    "store.closed": "Closed that day: ready to be collected on {on} at {time} ({location}).",
    "store.truck_full": "No time left before: ready to be collected on {on} at {time} ({location}).",
    "handover": "The carrier takes it on {on}.",
    "transit": "On its way for {days_count}: arrives on {on}.",
    "transit.same_day": "Arrives the same day, {on}.",
    "transit.range": "On its way for {days} to {days_max_count}: arrives between {on} and {until}.",
    "point": "The pickup point is closed on arrival: can be collected from {on}.",
    "point.range": "The pickup point is closed on arrival: can be collected from a day between {on} and {until}.",
    "slot": "Delivered on {on} between {time} and {time_until}.",
    "last_parcel": "Comes in {days} parcels: the last one arrives on {on}.",
    "last_parcel.range": "Comes in {days} parcels: the last one arrives between {on} and {until}.",
    "passed": "Not counted: {passed_list}.",
}
