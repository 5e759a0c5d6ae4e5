"""How stock, movements, locations, supply and bins change on events."""

from aftercart.inventory.evolve.bins import evolve_bin_documents, evolve_bin_pick, evolve_bins
from aftercart.inventory.evolve.stock import (
    evolve_finished_production,
    evolve_holdings,
    evolve_kept_back,
    evolve_locations,
    evolve_shipment,
    evolve_short_pick,
    evolve_stock,
    evolve_supply,
)

__all__ = [
    "evolve_bin_documents",
    "evolve_bin_pick",
    "evolve_bins",
    "evolve_finished_production",
    "evolve_holdings",
    "evolve_kept_back",
    "evolve_locations",
    "evolve_shipment",
    "evolve_short_pick",
    "evolve_stock",
    "evolve_supply",
]
