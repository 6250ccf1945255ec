"""What an operator can measure of a running server, as Prometheus reads it.

Parts are handed the three small calls they need; whatever is merely so at a moment is read when
somebody asks. Numbers and codes only: no label holds a name. Who may ask is `routes.health`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from meeting.counts import Closed, Limit
from meeting.logs import event_of

BEAT_SECONDS: Final = 0.5
MEETINGS_MOST: Final = 50
"""Gauges by meeting hold the newest so many."""

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
_BATCH: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)

Read = Callable[[], float | Mapping[str, float]]


class Metrics:
    """The figures of one server, in a registry of its own. Implements `Counts`."""

    def __init__(self) -> None:
        self.storing = True
        """Whether the last transaction was stored."""
        self._registry = CollectorRegistry()
        # Memory, processor time and open files, where the system tells.
        ProcessCollector(registry=self._registry)
        self._commands = self._counter("commands", "Commands answered.", "type", "outcome")
        self._closed = self._counter("devices_closed", "Connections the server ended.", "reason")
        self._limited = self._counter("limits_reached", "Limits somebody ran into.", "limit")
        self._unstored = self._counter("batches_not_stored", "Transactions that failed.")
        self._failed = self._counter("pages_failed", "Page images that could not be made.", "code")
        self._events = self._counter("log_events", "Warnings and errors logged.", "level", "event")
        self._commit = self._histogram("commit_seconds", "One transaction.", _QUICK)
        self._batch = self._histogram("batch_commands", "Commands in one transaction.", _BATCH)
        self._sent = self._histogram(
            "publication_seconds", "Writing one publication to every device that reads.", _QUICK
        )
        self._drawn = self._histogram("page_seconds", "Making one page image.", _SLOW)
        self._lag = self._histogram("loop_lag_seconds", "How late the event loop is.", _QUICK)
        self._gauges = _Gauges()
        self._registry.register(self._gauges)
        self._counted = _Counted(self._events)
        self._beat: asyncio.TimerHandle | None = None

    def watch(self, name: str, help_: str, read: Read, label: str = "") -> None:
        """A gauge that is read when somebody asks: a number, or numbers by the label's value."""
        self._gauges.rows.append((f"phien_{name}", help_, read, label))

    def start(self) -> None:
        """Count what is logged, and measure how late the loop is, until `close`."""
        logging.getLogger().addHandler(self._counted)
        loop = asyncio.get_running_loop()
        self._beat = loop.call_later(BEAT_SECONDS, self._measure, loop.time() + BEAT_SECONDS)

    def close(self) -> None:
        logging.getLogger().removeHandler(self._counted)
        if self._beat is not None:
            self._beat.cancel()

    def text(self) -> bytes:
        """All figures as Prometheus reads them (text format 0.0.4)."""
        return generate_latest(self._registry)

    def answered(self, command: str, outcome: str) -> None:
        self._commands.labels(command, outcome).inc()

    def batch(self, commands: int, seconds: float, *, stored: bool) -> None:
        self.storing = stored
        if stored:
            self._commit.observe(seconds)
            self._batch.observe(commands)
        else:
            self._unstored.inc()

    def sent(self, seconds: float) -> None:
        self._sent.observe(seconds)

    def closed(self, reason: Closed) -> None:
        self._closed.labels(reason).inc()

    def limited(self, limit: Limit) -> None:
        self._limited.labels(limit).inc()

    def drawn(self, seconds: float, failed: str = "") -> None:
        if failed:
            self._failed.labels(failed).inc()
        else:
            self._drawn.observe(seconds)

    def _measure(self, due: float) -> None:
        loop = asyncio.get_running_loop()
        self._lag.observe(max(0.0, loop.time() - due))
        due = loop.time() + BEAT_SECONDS
        self._beat = loop.call_at(due, self._measure, due)

    def _counter(self, name: str, help_: str, *labels: str) -> Counter:
        return Counter(f"phien_{name}", help_, labels, registry=self._registry)

    def _histogram(self, name: str, help_: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"phien_{name}", help_, buckets=buckets, registry=self._registry)


class _Gauges:
    """Everything watched, read anew for each answer."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, Read, str]] = []

    def collect(self) -> Iterable[Metric]:
        for name, help_, read, label in self.rows:
            gauge = GaugeMetricFamily(name, help_, labels=[label] if label else None)
            found = read()
            rows = found.items() if isinstance(found, Mapping) else [("", found)]
            for value, figure in rows:
                gauge.add_metric([value] if label else [], figure)
            yield gauge


class _Counted(logging.Handler):
    """Counts warnings and errors by event."""

    def __init__(self, events: Counter) -> None:
        super().__init__(logging.WARNING)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        self._events.labels(record.levelname.lower(), event_of(record)).inc()
