"""Inventory: where goods are, how many, and how many of them are promised."""
