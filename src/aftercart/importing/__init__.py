"""Bringing a shop's past in: orders of another system are placed through the bus at the time they were placed there."""
