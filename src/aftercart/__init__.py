"""Aftercart looks after an order from the moment it is placed: changes, stock, delivery and returns."""

__version__ = "0.1.0"
