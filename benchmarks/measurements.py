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

    `times` holds the time of each answer, `took` is the duration of the turn, and `statuses` counts the answers by
    HTTP status. `web` and `database` are the processor time of the web server and of PostgreSQL. All times are
    in seconds.
    """

    times: tuple[float, ...]
    took: float
    statuses: Mapping[str, int] = field(default_factory=dict)
    web: float = 0.0
    database: float = 0.0


@dataclass(frozen=True)
class Measurement:
    """One operation through one interface, with a number of rows and of simultaneous requests.

    `at_once` is the number of simultaneous requests, `rate` the number of answers a second, and `queries` the number
    of SQL statements for one answer. Times are in milliseconds, memory in megabytes. `web` and `database` are
    processor time for one answer: on a busy machine they are more reliable than elapsed time.
    """

    operation: str
    interface: str
    rows: int
    at_once: int
    rate: float
    p50: float
    p95: float
    p99: float
    answers: int
    web: float
    database: float
    statuses: Mapping[str, int]
    queries: int | None = None
    memory: float | None = None

    @classmethod
    def of(
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
        times = sorted(time for one in known for time in one.times)
        took = sum(one.took for one in known)
        statuses: Counter[str] = Counter()
        for one in known:
            statuses.update(one.statuses)
        p50, p95, p99 = (percentile(times, percent) * 1000 for percent in (50, 95, 99))
        web, database = (
            sum(worked) * 1000 / len(times)
            for worked in zip(*((one.web, one.database) for one in known), strict=True)
        )
        return cls(
            operation=operation,
            interface=interface,
            rows=rows,
            at_once=at_once,
            rate=len(times) / took,
            p50=p50,
            p95=p95,
            p99=p99,
            answers=len(times),
            web=web,
            database=database,
            statuses=dict(statuses),
            queries=queries,
            memory=memory,
        )

    @property
    def key(self) -> tuple[str, str, int, int]:
        """The unique key: operation, interface, rows and simultaneous requests."""
        return self.operation, self.interface, self.rows, self.at_once


def ratio(one: float, other: float) -> float | None:
    """Return one figure divided by another, or None if the other is zero."""
    return one / other if other else None
