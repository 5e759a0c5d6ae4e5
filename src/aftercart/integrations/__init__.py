"""Integrations: what talks to the world outside, one package a partner, each behind a port of an area."""
