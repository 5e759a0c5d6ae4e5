"""Calculations of the floor: ways to walk, what is walked together, what fits into which carton."""
