"""The command line: how operators start Aftercart, prepare its database and bring orders in."""

from aftercart.cli.app import main

__all__ = ["main"]
