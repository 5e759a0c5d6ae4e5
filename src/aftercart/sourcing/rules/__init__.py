"""Calculations that choose locations."""
