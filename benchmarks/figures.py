"""What a measurement comes to: percentiles, rates, ratios. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil


def percentile(times: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of some times: the smallest that so many percent of them do not exceed.

    Raises ValueError where nothing was measured.
    """
    if not times:
        raise ValueError("nothing was measured")
    rank = max(1, ceil(percent / 100 * len(times)))
    return sorted(times)[rank - 1]


@dataclass(frozen=True)
class Slice:
    """What was seen in one go: each answer's time, how long it all took, the statuses that came; and how long the processors worked
    for it, in the web server and in PostgreSQL. All in seconds.
    """

    times: tuple[float, ...]
    took: float
    statuses: Mapping[str, int] = field(default_factory=dict)
    web: float = 0.0
    database: float = 0.0


@dataclass(frozen=True)
class Cell:
    """One operation through one door with so many rows and so many requests at once. Milliseconds and megabytes.

    `web` and `database` are processor time for one answer: on a busy machine they tell more than the time that passed.
    """

    operation: str
    door: str
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
        door: str,
        rows: int,
        at_once: int,
        slices: Iterable[Slice],
        queries: int | None = None,
        memory: float | None = None,
    ) -> "Cell":
        """Several slices of the same, taken together."""
        known = list(slices)
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
            door=door,
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
        """What makes it the one it is."""
        return self.operation, self.door, self.rows, self.at_once


def ratio(one: float, other: float) -> float | None:
    """How many times the other; None where there is none."""
    return one / other if other else None
