"""How a story begins is played once in each process; the next test that begins alike gets the same rows laid back.

Most tests of the last stages walk through the same dozens of moves before they come to what they are about. The moves take their day
from the story and nothing from the clock, so what they write the second time is what they wrote the first time. A chapter is laid
back only where nothing else was written in the transaction: everywhere else it is played. A test that patches what the story calls,
and not the database, puts `story.told = None` first.
"""

import pickle
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from workflow.models.instance import Instance

# Rows inserted, changed and deleted, by table; what was taken back counts as well. PostgreSQL adds them up within a transaction and
# now and then forgets them between two, so only their growth says something.
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname = current_schema()
"""
_UNTOUCHED = "SELECT pg_current_xact_id_if_assigned() IS NULL, current_setting('is_superuser')::bool"


class Chapter(NamedTuple):
    """What playing it left behind."""

    rows: dict[str, bytes]  # of each table that was written to, in COPY's binary form
    left: bytes  # the storyteller's attributes, the answer and the rows it was given, pickled
    later: list[Callable[[], object]]  # what waits for the commit


class Teller:
    """Whoever tells a story."""

    told: tuple[Any, ...] | None = (
        None  # what was told so far; None as soon as something else was written too
    )
    written: int  # how many rows had been written when the last chapter ended

    def begin(self) -> None:
        """Before anything is told: whether it can be laid back at all. Another database, say, may not let us past its triggers.

        On an instance made just before for all tests of a file, its kind stands in the keys, as whoever makes one aside says it.
        """
        with connection.cursor() as cursor:
            cursor.execute(_UNTOUCHED)
            untouched, may = cursor.fetchone()
        written = _written()
        made = written == {Instance._meta.db_table: 1}
        kinds = Instance.objects.values_list("kind", flat=True) if made else ()
        may = may and connection.in_atomic_block and (untouched or made)
        self.told = (type(self).__qualname__, *kinds) if may else None
        self.written = _count(written)

    def aside(self, write: Callable[[], object], name: str) -> None:
        """Write something beside the chapters: the clock of a practice instance, say. Its `name` stands in their keys from here on."""
        known = self.told is not None and _count(_written()) == self.written
        write()
        self.told = (*(self.told or ()), name) if known else None
        self.written = _count(_written())


_chapters: dict[tuple[Any, ...], Chapter] = {}


def chapter[**P, R](play: Callable[P, R]) -> Callable[P, R]:
    """A method whose effects are laid back when the same was told before, from the beginning, with the same plain values and rows."""

    @wraps(play)
    def tell(*args: P.args, **facts: P.kwargs) -> R:
        teller: Any = args[0]
        before = _written() if teller.told is not None and _plain((args[1:], facts)) else None
        if before is None or _count(before) != teller.written:
            teller.told = None
            return play(*args, **facts)
        key = (*teller.told, (play.__qualname__, repr(_told(args[1:])), repr(_told(facts))))
        known = _chapters.get(key)
        given, waiting = list(_rows((args[1:], facts))), len(connection.run_on_commit)
        if known:
            answer = _lay_back(teller, known, given)
        else:
            answer = play(*args, **facts)
            _chapters[key] = _chapter(teller, before, waiting, answer, given)
        teller.told, teller.written = key, _count(_written())
        return answer

    return tell


def _plain(value: object) -> bool:
    """Words, figures, days, and rows of the story: whatever a test wrote to those is counted, and what it set stands in the key."""
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    if isinstance(value, Model):
        return not value._state.adding
    return value is None or isinstance(value, str | int | Decimal | date | timedelta)


def _told(value: object) -> object:
    """What was given, as a key tells it: a row by its kind and all that it holds."""
    if isinstance(value, dict):
        return sorted((name, _told(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if isinstance(value, Model):
        held = {field.attname: value.__dict__.get(field.attname) for field in value._meta.concrete_fields}
        return (value._meta.label, held)
    return value


def _rows(value: object) -> Iterator[Model]:
    """The rows among what was given: the moves a story makes show in them too."""
    if isinstance(value, Model):
        yield value
    elif isinstance(value, dict):
        yield from _rows(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _rows(one)


def _count(written: dict[str, int]) -> int:
    return sum(written.values())


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _chapter(
    teller: Any, before: dict[str, int], waiting: int, answer: object, given: list[Model]
) -> Chapter:
    """What playing it left: of each table that was written to since it began, all rows."""
    later = [call for _savepoints, call, _robust in connection.run_on_commit[waiting:]]
    left = pickle.dumps((teller.__dict__, answer, given))
    rows = {}
    with connection.cursor() as cursor:
        for table in [name for name, count in _written().items() if count != before.get(name)]:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows[table] = b"".join(map(bytes, copy))
    return Chapter(rows, left, later)


def _lay_back(teller: Any, known: Chapter, given: list[Model]) -> Any:
    """The whole of each table, since a story also changes rows that were there before it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f'DELETE FROM "{table}"' for table in known.rows) or "SELECT")
        for table, rows in known.rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for call in known.later:
        transaction.on_commit(call)
    attributes, answer, after = pickle.loads(known.left)
    for row, became in zip(given, after, strict=True):
        row.__dict__.update(became.__dict__)
    for name, value in attributes.items():
        teller.__dict__.setdefault(name, value)
    return answer
