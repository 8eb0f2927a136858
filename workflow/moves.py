"""One step of a life cycle, and the list of them.

The same object guards the action, decides which buttons show, fills `available_moves` in the API, draws docs/states.md and
generates the test matrix. A Move is made only inside an action, with `move.on(...)` or `move.start(...)`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from workflow import numbering
from workflow.actors import CLOCK, Actor
from workflow.errors import NOT_ALLOWED, NOT_READY, WRONG_STATUS, Refused, Words
from workflow.journal import entries
from workflow.journal.entries import record_many
from workflow.models.tracked import Tracked
from workflow.numbering import number_all


def always(thing: Any) -> Refused | None:
    """The `ready` of a move that needs nothing but its status."""
    return None


def any_day(thing: Any, at: datetime) -> Refused | None:
    """The `timely` of a move that no date closes."""
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Move[T: Tracked]:
    """A named step: from which statuses, to which, who may, what must be ready.

    `source` is empty for the move that starts a thing. `target` is None for a move that keeps the status (an edit).
    `allowed(by, thing)` answers True, False or a Refused that says why; `ready(thing)` answers None or a Refused, and so does
    `timely(thing, at)`, which holds what depends on the day or the hour, such as a lot that has expired.
    `clock` says that time alone may make it. `label` is the button, `past` the word in the history ("posted").
    `reason` demands a written reason.
    """

    verb: str
    label: Words
    past: Words
    source: frozenset[str] = frozenset()
    target: str | None = None
    allowed: Callable[[Actor, T], bool | Refused]
    ready: Callable[[T], Refused | None] = always
    timely: Callable[[T, datetime], Refused | None] = any_day
    clock: bool = False
    reason: bool = False

    @property
    def starts(self) -> bool:
        """Whether this move brings a thing into being."""
        return not self.source

    def refusal(self, by: Actor, thing: T, at: datetime) -> Refused | None:
        """Why this move is closed to this actor at this moment, or None.

        Always in one order: not allowed, wrong status, not ready, wrong time.
        """
        return (
            self._not_allowed(by, thing)
            or self._wrong_status(thing)
            or self.ready(thing)
            or self.timely(thing, at)
        )

    def _not_allowed(self, by: Actor, thing: T) -> Refused | None:
        answer = self.clock if by is CLOCK else self.allowed(by, thing)
        if isinstance(answer, Refused):
            return answer
        return (
            None
            if answer
            else Refused(NOT_ALLOWED, _("You may not do this. Ask somebody in your city who may."))
        )

    def _wrong_status(self, thing: T) -> Refused | None:
        if self.starts or thing.status in self.source:
            return None
        words = _("This cannot be done now: %(thing)s is at “%(status)s”.")
        status = thing.get_status_display()
        return Refused(WRONG_STATUS, words % {"thing": thing, "status": status}, status=thing.status)

    @contextmanager
    def on(self, thing: T, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> Iterator[T]:
        """Make the move: one transaction, the row locked and read again, refused or changed, saved and recorded.

        The body sets facts on the row it is given. An exception undoes everything. `facts` go into the journal entry only.
        """
        with transaction.atomic():
            row = locked(thing)
            self._guard(by, row, at, reason)
            before = entries.snapshot(row)
            yield row
            if self.target is not None:
                row.status = self.target
            changed = entries.changed(before, row)
            if changed:
                row.save(update_fields=changed)
            entries.record(
                row,
                self.verb,
                by=by,
                at=at,
                reason=reason,
                before=before,
                after=entries.snapshot(row),
                **facts,
            )
        _refresh(thing, row)

    def start(self, thing: T, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> T:
        """Bring a new thing into being: checked, numbered, saved and recorded in one transaction. Returns it."""
        with transaction.atomic():
            self._begin(thing, by, at, reason)
            numbering.number(thing, at)
            thing.save(force_insert=True)
            entries.record(
                thing,
                self.verb,
                by=by,
                at=at,
                reason=reason,
                before={},
                after=entries.snapshot(thing),
                **facts,
            )
        return thing

    def start_many(self, things: Sequence[T], *, by: Actor, at: datetime) -> None:
        """Bring several of one kind into being at once: numbered, saved and recorded in their order, as `start` does one by one.

        It takes as many statements as one does. Where one of them is refused, none of them comes to be.
        """
        if not things:
            return
        with transaction.atomic():
            for thing in things:
                self._begin(thing, by, at, "")
            number_all(things, at)
            things[0]._meta.model._base_manager.bulk_create(things)
            begun = [(thing, dict[str, Any](), entries.snapshot(thing)) for thing in things]
            record_many(begun, self.verb, by=by, at=at)

    def _begin(self, thing: T, by: Actor, at: datetime, reason: str) -> None:
        self._guard(by, thing, at, reason)
        if self.target is not None:
            thing.status = self.target
        thing.created_at = at

    def _guard(self, by: Actor, thing: T, at: datetime, reason: str) -> None:
        refused = self.refusal(by, thing, at)
        if refused is not None:
            raise refused
        if self.reason and not reason.strip() and by is not CLOCK:
            raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")


def locked[M: Model](thing: M) -> M:
    """The row, read again under its lock. For counters of a parent; call inside a transaction only.

    Reads through `_base_manager` with no joins: PostgreSQL refuses FOR UPDATE on the nullable side of an outer join.
    """
    rows = thing._meta.model._base_manager.select_for_update(of=("self",))
    return cast("M", rows.get(pk=thing.pk))


def lock(thing: Model) -> None:
    """Its row's lock without the row, for who reads it next with what it names. Call inside a transaction only."""
    rows = thing._meta.model._base_manager.select_for_update(of=("self",))
    rows.values_list("pk").get(pk=thing.pk)


def _refresh(thing: Tracked, row: Tracked) -> None:
    """Let the caller's own object show what was saved, without another query."""
    for field in row._meta.concrete_fields:
        setattr(thing, field.attname, getattr(row, field.attname))


class Moves[T: Tracked]:
    """The life cycle of one thing, in the order a reader meets it; also the registry of all of them."""

    registry: ClassVar[dict[str, "Moves[Any]"]] = {}

    def __init__(self, model: type[T], *moves: Move[T], ends: dict[str, str]) -> None:
        """`ends` names each status with no way out and says why: `{Status.REJECTED: "kept for the record"}`."""
        self.model = model
        self.moves = moves
        self.ends = ends
        self.by_verb = {move.verb: move for move in moves}
        Moves.registry[model._meta.label_lower] = self

    def __iter__(self) -> Iterator[Move[T]]:
        return iter(self.moves)

    def __getitem__(self, verb: str) -> Move[T]:
        return self.by_verb[verb]

    @property
    def statuses(self) -> type[TextChoices]:
        """The thing's own Status."""
        status: type[TextChoices] = self.model.Status  # type: ignore[attr-defined]  # every Tracked model nests one
        return status

    def available(self, by: Actor, thing: T, at: datetime) -> list[tuple[Move[T], Refused | None]]:
        """The moves that start from the thing's status, each open (None) or closed at this moment, with the reason.

        Moves the actor may never make are left out: a button that is not for you is noise.
        """
        here = [move for move in self.moves if thing.status in move.source]
        answers = [(move, move.refusal(by, thing, at)) for move in here]
        return [
            (move, no)
            for move, no in answers
            if no is None or no.code != NOT_ALLOWED or no.details.get("show")
        ]


def moves_of(thing: Tracked | type[Tracked]) -> Moves[Any]:
    """The life cycle of a thing or model. KeyError if its stage defines none."""
    return Moves.registry[thing._meta.label_lower]


def leads_on(move: Move[Any], thing: Tracked) -> bool:
    """Whether a move takes the thing further in its life: statuses stand in that order, and what ends it early asks for a reason."""
    order = [str(one) for one in moves_of(thing).statuses]
    return (
        move.target is not None and not move.reason and order.index(move.target) > order.index(thing.status)
    )


def one_of(*statuses: str) -> frozenset[str]:
    """The statuses a move starts from."""
    return frozenset(statuses)


def first_refusal(answers: Iterable[Refused | None]) -> Refused | None:
    """The first of several reasons why something is not ready, or None."""
    return next((answer for answer in answers if answer is not None), None)


def not_ready(message: Words, **details: Any) -> Refused:
    """A refusal because something is missing."""
    return Refused(NOT_READY, message, **details)
