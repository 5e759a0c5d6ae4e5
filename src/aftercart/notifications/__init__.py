"""Notifications: who hears of what happens."""
