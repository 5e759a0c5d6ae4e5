"""Notifications: who hears of what happens, by mail or webhook, and what is written to them."""
