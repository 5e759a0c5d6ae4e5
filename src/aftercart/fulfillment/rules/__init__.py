"""Calculations of the floor: what its decisions share, ways to walk, what is walked together."""
