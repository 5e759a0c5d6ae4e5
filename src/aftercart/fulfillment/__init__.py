"""Fulfillment: from released orders to parcels that are on their way."""
