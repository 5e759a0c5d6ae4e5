"""Calendars, trucks, prices and promises: pure calculations."""
