"""The kit knows no business: it holds what every area builds on."""
