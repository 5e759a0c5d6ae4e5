"""A mail server that delivers to a folder."""
