"""Calls to other systems by webhook."""
