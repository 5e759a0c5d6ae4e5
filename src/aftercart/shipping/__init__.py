"""Shipping: how goods travel, what that costs, and on which day they can be promised."""
