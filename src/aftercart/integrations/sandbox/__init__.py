"""Sandbox: stand-ins for the world outside, as strict as it is, for trying the shop without it."""
