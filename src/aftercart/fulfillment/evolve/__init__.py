"""How parcels and pick lists change on events, and the events of the floor by their names."""

from aftercart.fulfillment.evolve.parcels import FLOOR_EVENTS, PARCEL_EVENTS, evolve_packing, evolve_parcels
from aftercart.fulfillment.evolve.pick_lists import evolve_pick_list, evolve_pick_list_created, evolve_picks

__all__ = [
    "FLOOR_EVENTS",
    "PARCEL_EVENTS",
    "evolve_packing",
    "evolve_parcels",
    "evolve_pick_list",
    "evolve_pick_list_created",
    "evolve_picks",
]
