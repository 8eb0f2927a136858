"""Moves: the transitions between the statuses of an object, with their conditions.

The same Move guards the action, decides which buttons show, fills `available_moves` in the API, draws
docs/states.md, generates the test matrix, and knows its action, so that pages and API can run it.
A Move is made only inside an action, with `move.apply_to(...)`, `move.create(...)` or `move.create_many(...)`.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from workflow.actors import SYSTEM, Actor
from workflow.base_models import JournaledModel
from workflow.errors import NOT_ALLOWED, NOT_READY, WRONG_STATUS, LazyText, Refused
from workflow.journal import entries
from workflow.journal.entries import changed_fields, record_many
from workflow.numbering import assign_number, assign_numbers
from workflow.statuses import StatusChoices


def no_condition(thing: Any) -> Refused | None:
    """Return None. It is the condition `ready` of a move that needs only the right status."""
    return None


def no_date_condition(thing: Any, at: datetime) -> Refused | None:
    """Return None. It is the `date_condition` of a move that is possible on every day."""
    return None


def system_only(by: Actor, thing: Any) -> bool:
    """Return False: no person may make the move, only the periodic job or another move."""
    return False


@dataclass(frozen=True, eq=False, kw_only=True)
class Move[T: JournaledModel]:
    """Named step between statuses, with its conditions.

    - `verb`: the name of the move in addresses and in the journal.
    - `label`: the text of its button. `past_tense`: its word in the history ("posted").
    - `source`: the statuses from which it starts; empty for the move that creates an object.
    - `target`: the status to which it leads; None for a move that keeps the status (an edit).
    - `allowed(by, thing)`: True, False, or a Refused with the reason.
    - `ready(thing)`: None, or a Refused if something is missing.
    - `date_condition(thing, at)`: None, or a Refused because of the day or hour, for example if a lot has expired.
    - `allowed_for_system`: True if the program itself may make the move.
    - `requires_reason`: True if the move demands a written reason.
    - `undo_verb`: the verb of the move that reverses this one, or empty.
    """

    verb: str
    label: LazyText
    past_tense: LazyText
    source: frozenset[str] = frozenset()
    target: str | None = None
    allowed: Callable[[Actor, T], bool | Refused]
    ready: Callable[[T], Refused | None] = no_condition
    date_condition: Callable[[T, datetime], Refused | None] = no_date_condition
    allowed_for_system: bool = False
    requires_reason: bool = False
    undo_verb: str = ""

    @property
    def creates_object(self) -> bool:
        """True if this move creates an object."""
        return not self.source

    @property
    def action(self) -> Callable[..., Any] | None:
        """Action with which people make this move (`makes`), or None if only other actions or the clock make it."""
        return _actions.get(self)

    def refusal(self, by: Actor, thing: T, at: datetime) -> Refused | None:
        """Return the reason why this move is closed to the actor at this moment, or None.

        The order is always: not allowed, wrong status, not ready, wrong time.
        """
        return (
            self._not_allowed(by, thing)
            or self._wrong_status(thing)
            or self.ready(thing)
            or self.date_condition(thing, at)
        )

    def _not_allowed(self, by: Actor, thing: T) -> Refused | None:
        answer = self.allowed_for_system if by is SYSTEM else self.allowed(by, thing)
        if isinstance(answer, Refused):
            return answer
        return (
            None
            if answer
            else Refused(NOT_ALLOWED, _("You cannot do this. Ask someone in your city who can."))
        )

    def _wrong_status(self, thing: T) -> Refused | None:
        if self.creates_object or thing.status in self.source:
            return None
        message = _("This cannot be done now: the status of %(thing)s is “%(status)s”.")
        status = thing.get_status_display()
        return Refused(WRONG_STATUS, message % {"thing": thing, "status": status}, status=thing.status)

    @contextmanager
    def apply_to(self, thing: T, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> Iterator[T]:
        """Make the move in one transaction: lock and read the row again, check, change, save and record it.

        The body of the `with` sets facts on the row that it gets. An exception undoes everything. `facts` go
        only into the journal entry.
        """
        with transaction.atomic():
            row = select_locked(thing)
            self._guard(by, row, at, reason)
            before = entries.snapshot(row)
            yield row
            if self.target is not None:
                row.status = self.target
            changed = changed_fields(before, row)
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

    def create(self, thing: T, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> T:
        """Create a new object in one transaction, and return it.

        The object is checked, numbered, saved and recorded.
        """
        with transaction.atomic():
            self._begin(thing, by, at, reason)
            assign_number(thing, at)
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

    def create_many(self, things: Sequence[T], *, by: Actor, at: datetime) -> None:
        """Create several objects of one kind, in their order, with the same result as `create` for each.

        It takes as many statements as for one object. If one object is refused, none is created.
        """
        if not things:
            return
        with transaction.atomic():
            for thing in things:
                self._begin(thing, by, at, "")
            assign_numbers(things, at)
            things[0]._meta.model._base_manager.bulk_create(things)
            created = [(thing, dict[str, Any](), entries.snapshot(thing)) for thing in things]
            record_many(created, self.verb, by=by, at=at)

    def _begin(self, thing: T, by: Actor, at: datetime, reason: str) -> None:
        self._guard(by, thing, at, reason)
        if self.target is not None:
            thing.status = self.target
        thing.created_at = at

    def _guard(self, by: Actor, thing: T, at: datetime, reason: str) -> None:
        refused = self.refusal(by, thing, at)
        if refused is not None:
            raise refused
        if self.requires_reason and not reason.strip() and by is not SYSTEM:
            raise Refused("reason_missing", _("Enter a reason."), field="reason")


_actions: dict[Move[Any], Callable[..., Any]] = {}


def register_action[**P, R](*moves: Move[Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Name the moves that people make with the decorated action, and give each of them its action.

    Must be above every other decorator, so that the registered action is the one that is called. An action that
    makes one of several moves, depending on the object or its arguments, names them all. Raises ValueError if
    no move is named, or if a move has an action already.
    """
    if not moves:
        raise ValueError("name the moves that the action makes")

    def register(action: Callable[P, R]) -> Callable[P, R]:
        for move in moves:
            other_action = _actions.get(move)
            if other_action is not None:
                raise ValueError(
                    f"“{move.verb}” is made by {other_action.__qualname__}, not by {action.__qualname__}"
                )
        _actions.update(dict.fromkeys(moves, action))
        return action

    return register


def action_of(move: Move[Any]) -> Callable[..., Any]:
    """Return the action of a move that is offered to people.

    Raises ValueError if it has none.
    """
    if move.action is None:
        raise ValueError(f"people do not make “{move.verb}”: it has no action")
    return move.action


def moves_made_by(action: Callable[..., Any]) -> tuple[Move[Any], ...]:
    """Return the moves that people make with an action, in the order in which its `makes` names them."""
    return tuple(move for move, registered in _actions.items() if registered is action)


def select_locked[M: Model](thing: M) -> M:
    """Return the row, locked and read again.

    For counters of a parent; call inside a transaction only. Reads through `_base_manager` without joins,
    because PostgreSQL refuses FOR UPDATE on the nullable side of an outer join.
    """
    rows = thing._meta.model._base_manager.select_for_update(of=("self",))
    return cast("M", rows.get(pk=thing.pk))


def lock_row(thing: Model) -> None:
    """Lock the row without reading it, for a caller who reads it next.

    Call inside a transaction only.
    """
    rows = thing._meta.model._base_manager.select_for_update(of=("self",))
    rows.values_list("pk").get(pk=thing.pk)


def _refresh(thing: JournaledModel, row: JournaledModel) -> None:
    """Copy the saved values to the caller's own object, without another query."""
    for field in row._meta.concrete_fields:
        setattr(thing, field.attname, getattr(row, field.attname))


class Moves[T: JournaledModel]:
    """Life cycle of one kind of object: its moves in the order in which pages show them. `registry` holds all."""

    registry: ClassVar[dict[str, "Moves[Any]"]] = {}

    def __init__(self, model: type[T], *moves: Move[T], ends: dict[str, str]) -> None:
        """Register the life cycle of a model.

        `ends` names each final status and explains it: `{Status.REJECTED: "kept for the record"}`. Raises
        ValueError if one of them is open (work that waits has not ended), or if a move names an `undo_verb` that does not
        start where the move ends.
        """
        self.model = model
        waiting = self.statuses.open & ends.keys()
        if waiting:
            raise ValueError(f"an end is done or void, but these are open: {', '.join(sorted(waiting))}")
        self.moves = moves
        self.ends = ends
        self.by_verb = {move.verb: move for move in moves}
        for move in moves:
            if (
                move.undo_verb
                and (move.target or min(move.source)) not in self.by_verb[move.undo_verb].source
            ):
                raise ValueError(f"“{move.undo_verb}” does not start where “{move.verb}” ends")
        Moves.registry[model._meta.label_lower] = self

    def __iter__(self) -> Iterator[Move[T]]:
        return iter(self.moves)

    def __getitem__(self, verb: str) -> Move[T]:
        return self.by_verb[verb]

    @property
    def statuses(self) -> type[StatusChoices]:
        """Status choices of the model."""
        status: type[StatusChoices] = self.model.Status  # type: ignore[attr-defined]  # every JournaledModel nests one
        return status

    def available(
        self, by: Actor, thing: T, at: datetime, leave_out: Container[str] = ()
    ) -> list[tuple[Move[T], Refused | None]]:
        """Return the moves that start from the object's status, each with None if open or with its refusal.

        Moves that the actor may never make are left out, unless their refusal is meant to be shown, and so are the
        verbs in `leave_out`.
        """
        candidates = [
            move for move in self.moves if thing.status in move.source and move.verb not in leave_out
        ]
        answers = [(move, move.refusal(by, thing, at)) for move in candidates]
        return [
            (move, refusal)
            for move, refusal in answers
            if refusal is None or refusal.code != NOT_ALLOWED or refusal.details.get("show")
        ]


def moves_of(thing: JournaledModel | type[JournaledModel]) -> Moves[Any]:
    """Return the life cycle of an object or model.

    Raises KeyError if no life cycle is registered for it.
    """
    return Moves.registry[thing._meta.label_lower]


def advances_life_cycle(move: Move[Any], thing: JournaledModel) -> bool:
    """Return True if a move advances the object in its life cycle.

    Statuses are in the order of the life cycle. A move that asks for a reason counts as an early end.
    """
    order = [str(one) for one in moves_of(thing).statuses]
    return (
        move.target is not None
        and not move.requires_reason
        and order.index(move.target) > order.index(thing.status)
    )


def one_of(*statuses: str) -> frozenset[str]:
    """Return these statuses as the `source` of a move, which can start from any of them."""
    return frozenset(statuses)


def first_refusal(answers: Iterable[Refused | None]) -> Refused | None:
    """Return the first of several reasons why something is not ready, or None."""
    return next((answer for answer in answers if answer is not None), None)


def not_ready_refusal(message: LazyText, **details: Any) -> Refused:
    """Return a refusal because something is missing."""
    return Refused(NOT_READY, message, **details)
