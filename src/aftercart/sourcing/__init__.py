"""Sourcing: which location serves which line."""
