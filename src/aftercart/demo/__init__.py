"""The demo: an invented French shop for clothes and home, the same on every machine."""
