"""Calculations that decisions on notifications share."""
