"""Counting calls, and what the command bus is doing, in one registry per application."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aftercart.kit.command_bus import CommandBus

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class CallMetrics:
    """Counts calls by route and status, and measures how long they took."""

    def __init__(self, bus: CommandBus) -> None:
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "aftercart_http_requests", "Calls answered.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "aftercart_http_request_seconds",
            "From the call's first line to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_BusCollector(bus))
        # Finding a labeled child costs more than counting with it, so each is found once.
        self._counters: dict[tuple[str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def count(self, route: str, status: int, seconds: float) -> None:
        """Counts one answered call."""
        counter = self._counters.get((route, status))
        if counter is None:
            counter = self._counters[route, status] = self._calls.labels(route, str(status))
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms[route] = self._seconds.labels(route)
        counter.inc()
        histogram.observe(seconds)

    def exposition(self) -> bytes:
        """Returns everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _BusCollector(Collector):
    def __init__(self, bus: CommandBus) -> None:
        self._bus = bus

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("aftercart_bus_batches", "Batches committed.", value=self._bus.batches)
        yield CounterMetricFamily("aftercart_bus_commands", "Commands answered.", value=self._bus.commands)
        yield GaugeMetricFamily("aftercart_bus_waiting", "Commands without an answer.", value=self._bus.waiting())
