"""Assets: what pages are dressed with, served as it lies here."""
