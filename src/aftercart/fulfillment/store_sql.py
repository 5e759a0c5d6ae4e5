"""The SQL of the floor that its store and its readers share."""

from typing import Final

LOAD_PACKING: Final = """
    SELECT p.packing::text FROM fulfillment.packing AS p ORDER BY p.version DESC LIMIT 1
"""
