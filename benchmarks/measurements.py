"""Measurements of operations, and the calculation of their percentiles, rates and ratios. No database access."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil


def percentile(times: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of some times.

    It is the smallest time that `percent` percent of the times do not exceed. Raises ValueError if
    there are no times.
    """
    if not times:
        raise ValueError("nothing was measured")
    rank = max(1, ceil(percent / 100 * len(times)))
    return sorted(times)[rank - 1]


@dataclass(frozen=True)
class TurnResults:
    """Results of one turn of an operation: operations that are compared are measured in several turns each.

    `response_seconds` holds the time of each response, `duration_seconds` is the duration of the turn, and
    `status_counts` counts the responses by HTTP status. `web_processor_seconds` and `database_processor_seconds` are
    the processor time of the web server and of PostgreSQL. All times are in seconds.
    """

    response_seconds: tuple[float, ...]
    duration_seconds: float
    status_counts: Mapping[str, int] = field(default_factory=dict)
    web_processor_seconds: float = 0.0
    database_processor_seconds: float = 0.0


@dataclass(frozen=True)
class Measurement:
    """One operation through one interface, with a number of rows and of simultaneous requests.

    `concurrent_requests` is the number of simultaneous requests, `responses_per_second` the number of responses a second,
    and `query_count` the number of SQL statements for one response. Times are in milliseconds, memory in megabytes.
    `web_processor_milliseconds` and `database_processor_milliseconds` are processor time for one answer: on a busy
    machine they are more reliable than elapsed time.
    """

    operation: str
    interface: str
    row_count: int
    concurrent_requests: int
    responses_per_second: float
    p50: float
    p95: float
    p99: float
    response_count: int
    web_processor_milliseconds: float
    database_processor_milliseconds: float
    status_counts: Mapping[str, int]
    query_count: int | None = None
    memory_megabytes: float | None = None

    @classmethod
    def from_turns(
        cls,
        operation: str,
        interface: str,
        rows: int,
        at_once: int,
        turns: Iterable[TurnResults],
        queries: int | None = None,
        memory: float | None = None,
    ) -> "Measurement":
        """Return the measurement of an operation, computed from the results of all its turns (`turns`)."""
        known = list(turns)
        times = sorted(time for one in known for time in one.response_seconds)
        took = sum(one.duration_seconds for one in known)
        statuses: Counter[str] = Counter()
        for one in known:
            statuses.update(one.status_counts)
        p50, p95, p99 = (percentile(times, percent) * 1000 for percent in (50, 95, 99))
        web, database = (
            sum(worked) * 1000 / len(times)
            for worked in zip(
                *((one.web_processor_seconds, one.database_processor_seconds) for one in known), strict=True
            )
        )
        return cls(
            operation=operation,
            interface=interface,
            row_count=rows,
            concurrent_requests=at_once,
            responses_per_second=len(times) / took,
            p50=p50,
            p95=p95,
            p99=p99,
            response_count=len(times),
            web_processor_milliseconds=web,
            database_processor_milliseconds=database,
            status_counts=dict(statuses),
            query_count=queries,
            memory_megabytes=memory,
        )

    @property
    def key(self) -> tuple[str, str, int, int]:
        """The unique key: operation, interface, rows and simultaneous requests."""
        return self.operation, self.interface, self.row_count, self.concurrent_requests


def ratio(one: float, other: float) -> float | None:
    """Return one figure divided by another, or None if the other is zero."""
    return one / other if other else None
