"""Runs the command line as `python -m aftercart`."""

from aftercart.cli import main

main()
