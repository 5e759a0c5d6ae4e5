"""Calculations that the floor's decisions share."""
