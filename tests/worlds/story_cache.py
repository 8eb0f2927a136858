"""Steps of an example purchase (`Story`) that run once in each process and are then restored from the stored rows.

Many tests of orders, shipments and deliveries make the same dozens of moves before their subject begins. The
moves take their date from the example purchase and never from the current time, so the second run writes the
same rows as the first. A cached step is restored only if nothing else was written in the transaction;
otherwise it runs. A test that patches the code called by a step, and not the database, must first set
`story.key = None`.
"""

import pickle
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from workflow.installation_models import Instance

# Number of rows inserted, changed and deleted, by table, with rolled-back changes. PostgreSQL adds them
# up within a transaction and sometimes forgets them between two, so only the increase is meaningful.
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname = current_schema()
"""
# The counts of this transaction are forgotten at its end, not a second later, when the next test is under way.
_UNTOUCHED = """
    SELECT pg_current_xact_id_if_assigned() IS NULL, current_setting('is_superuser')::bool, pg_stat_force_next_flush()
"""


class CachedStep(NamedTuple):
    """Result of running a cached step."""

    rows: dict[str, bytes]  # of every table with changes, in COPY's binary format
    left: bytes  # attributes of the example purchase, the answer and the given rows, pickled
    later: list[Callable[[], object]]  # calls that wait for the commit


class CachedStory:
    """Base class of example purchases that are built from cached steps."""

    # the cached steps so far; None as soon as anything outside them was written
    key: tuple[Any, ...] | None = None
    written: int  # number of written rows at the end of the last cached step

    def begin(self) -> None:
        """Find out if cached steps can be restored in this transaction.

        They cannot if something was written before, or if the database does not let us switch off its triggers. An
        instance that was just created for all tests of a file is allowed; its kind becomes part of the keys, like the
        name given to `write_uncached`.
        """
        with connection.cursor() as cursor:
            cursor.execute(_UNTOUCHED)
            untouched, may, _flushed = cursor.fetchone()
        written = _written()
        made = written == {Instance._meta.db_table: 1}
        kinds = Instance.objects.values_list("kind", flat=True) if made else ()
        may = may and connection.in_atomic_block and (untouched or made)
        self.key = (type(self).__qualname__, *kinds) if may else None
        self.written = _count(written)

    def write_uncached(self, write: Callable[[], object], name: str) -> None:
        """Write rows that belong to no cached step, for example the time of a practice site.

        From then on, `name` is part of the keys of the cached steps.
        """
        known = self.key is not None and _count(_written()) == self.written
        write()
        self.key = (*(self.key or ()), name) if known else None
        self.written = _count(_written())


_cached_steps: dict[tuple[Any, ...], CachedStep] = {}


def cached_step[**P, R](play: Callable[P, R]) -> Callable[P, R]:
    """Make a method of a `CachedStory` a cached step.

    Its effects are restored if it already ran, from the beginning of an example purchase, with the same plain
    values and rows.
    """

    @wraps(play)
    def play_or_restore(*args: P.args, **facts: P.kwargs) -> R:
        story: Any = args[0]
        before = _written() if story.key is not None and _plain((args[1:], facts)) else None
        if before is None or _count(before) != story.written:
            story.key = None
            return play(*args, **facts)
        key = (*story.key, (play.__qualname__, repr(_key_part(args[1:])), repr(_key_part(facts))))
        known = _cached_steps.get(key)
        given, waiting = list(_rows((args[1:], facts))), len(connection.run_on_commit)
        if known:
            answer = _restore(story, known, given)
        else:
            answer = play(*args, **facts)
            _cached_steps[key] = _result_of_step(story, before, waiting, answer, given)
        story.key, story.written = key, _count(_written())
        return answer

    return play_or_restore


def _plain(value: object) -> bool:
    """Return True if the value can be part of a key: text, numbers, dates, and saved rows.

    Writes to the rows are counted, and attributes that a test set on them are part of the key.
    """
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    if isinstance(value, Model):
        return not value._state.adding
    return value is None or isinstance(value, str | int | Decimal | date | timedelta)


def _key_part(value: object) -> object:
    """Return the value as part of a key; a row becomes its model and all its fields."""
    if isinstance(value, dict):
        return sorted((name, _key_part(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return [_key_part(one) for one in value]
    if isinstance(value, Model):
        held = {field.attname: value.__dict__.get(field.attname) for field in value._meta.concrete_fields}
        return (value._meta.label, held)
    return value


def _rows(value: object) -> Iterator[Model]:
    """Yield the rows in the given value. The moves of an example purchase also change these instances."""
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


def _result_of_step(
    story: Any, before: dict[str, int], waiting: int, answer: object, given: list[Model]
) -> CachedStep:
    """Return the result of a step: all rows of each table that was written to since it began."""
    later = [call for _savepoints, call, _robust in connection.run_on_commit[waiting:]]
    left = pickle.dumps((story.__dict__, answer, given))
    rows = {}
    with connection.cursor() as cursor:
        for table in [name for name, count in _written().items() if count != before.get(name)]:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows[table] = b"".join(map(bytes, copy))
    return CachedStep(rows, left, later)


def _restore(story: Any, known: CachedStep, given: list[Model]) -> Any:
    """Restore the tables of a step in full, because an example purchase also changes rows that existed before it."""
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
        story.__dict__.setdefault(name, value)
    return answer
