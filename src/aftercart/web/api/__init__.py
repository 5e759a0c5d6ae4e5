"""The REST API v1: JSON in, JSON out, one file per resource."""
