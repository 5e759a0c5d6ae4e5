"""Calculations on stock, shared by decisions."""
