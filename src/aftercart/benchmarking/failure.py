"""What ends a benchmark before its time."""


class BenchFailed(Exception):
    """Something the benchmark relies on did not do what it was asked for; the message is what it said."""
