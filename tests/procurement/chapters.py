"""How a story begins is played once in each process; the next test that begins alike gets the same rows laid back.

Most tests of the last stages walk through the same dozens of moves before they come to what they are about. The moves take their day
from the story and nothing from the clock, so what they write the second time is what they wrote the first time. A chapter is laid
back only where nothing else was written in the transaction: everywhere else it is played. A test that patches what the story calls,
and not the database, puts `story.told = None` first.
"""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple

from django.db import connection, transaction

# Rows inserted, changed and deleted, by table; what was taken back counts as well. PostgreSQL adds them up within a transaction and
# now and then forgets them between two, so only their growth says something.
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname = current_schema()
"""
_UNTOUCHED = "SELECT pg_current_xact_id_if_assigned() IS NULL AND current_setting('is_superuser')::bool"


class Chapter(NamedTuple):
    """What playing it left behind."""

    rows: dict[str, bytes]  # of each table that was written to, in COPY's binary form
    left: bytes  # the storyteller's attributes and the answer, pickled
    later: list[Callable[[], object]]  # what waits for the commit


class Teller:
    """Whoever tells a story."""

    told: tuple[Any, ...] | None = (
        None  # what was told so far; None as soon as something else was written too
    )
    before: dict[str, int]  # the count of rows when the story began
    written: int  # and when the last chapter ended

    def begin(self) -> None:
        """Before anything is told: whether it can be laid back at all. Another database, say, may not let us past its triggers."""
        with connection.cursor() as cursor:
            cursor.execute(_UNTOUCHED)
            may = cursor.fetchone()[0] and connection.in_atomic_block
        self.told = (type(self).__qualname__,) if may else None
        self.before = _written()
        self.written = _count(self.before)


_chapters: dict[tuple[Any, ...], Chapter] = {}


def chapter[**P, R](play: Callable[P, R]) -> Callable[P, R]:
    """A method whose effects are laid back when the same was told before, from the beginning, with the same plain values."""

    @wraps(play)
    def tell(*args: P.args, **facts: P.kwargs) -> R:
        teller: Any = args[0]
        if teller.told is None or not _plain((args[1:], facts)) or _count(_written()) != teller.written:
            teller.told = None
            return play(*args, **facts)
        key = (*teller.told, (play.__qualname__, repr(args[1:]), repr(sorted(facts.items()))))
        known = _chapters.get(key)
        answer = _lay_back(teller, known) if known else _play_first(teller, key, play, args, facts)
        teller.told, teller.written = key, _count(_written())
        return answer

    return tell


def _plain(value: object) -> bool:
    """Nothing that was read from the database: a test may have changed it since."""
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | int | Decimal | date | timedelta)


def _count(written: dict[str, int]) -> int:
    return sum(written.values())


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _play_first(teller: Any, key: tuple[Any, ...], play: Callable[..., Any], args: Any, facts: Any) -> Any:
    waiting = len(connection.run_on_commit)
    answer = play(*args, **facts)
    later = [call for _savepoints, call, _robust in connection.run_on_commit[waiting:]]
    left = pickle.dumps((teller.__dict__, answer))
    rows = {}
    with connection.cursor() as cursor:
        for table in [name for name, count in _written().items() if count != teller.before.get(name)]:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows[table] = b"".join(map(bytes, copy))
    _chapters[key] = Chapter(rows, left, later)
    return answer


def _lay_back(teller: Any, known: Chapter) -> Any:
    """The whole of each table, since a story also changes rows that were there before it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in known.rows.items():
            cursor.execute(f'DELETE FROM "{table}"')
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for call in known.later:
        transaction.on_commit(call)
    attributes, answer = pickle.loads(known.left)
    for name, value in attributes.items():
        teller.__dict__.setdefault(name, value)
    return answer
