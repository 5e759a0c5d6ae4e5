"""Calculations on an order, shared by decisions."""
