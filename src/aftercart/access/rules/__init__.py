"""Calculations that decisions on access share."""
