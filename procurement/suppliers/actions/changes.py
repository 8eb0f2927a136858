"""Proposed changes of what cities share about a company: made, agreed to and applied unchanged, declined, withdrawn (ADR 92)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from procurement.suppliers.actions.certificates import who_show
from procurement.suppliers.actions.companies import alike, note_change
from procurement.suppliers.actions.counting import company_of
from procurement.suppliers.actions.facts import NO_COLUMN
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import changes, relying
from procurement.suppliers.rules.certificates import paper_fact
from procurement.suppliers.rules.facts import kept
from procurement.suppliers.rules.lookups import FACTS, speaks_against
from procurement.suppliers.rules.relying import cities_of
from workflow.actors import Actor
from workflow.errors import Refused, Words
from workflow.models.tracked import Tracked
from workflow.moves import locked, moves_of, not_ready


@dataclass(frozen=True)
class Proposable:
    """A move that other cities may have to agree to: its action, the argument that names who makes it, and what the move settles."""

    action: Callable[..., Any]
    me: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    reasoned: bool = True

    def make(
        self, thing: Any, values: Mapping[str, Any], author: User, why: str, by: Actor, at: datetime
    ) -> None:
        """Make the move with these values, as the author proposes it."""
        told = {**values, **self.fixed, **({self.me: author} if self.me else {})}
        self.action(thing, **told, **({"reason": why} if self.reasoned else {}), by=by, at=at)


PROPOSABLE: dict[
    tuple[str, str], Proposable
] = {}  # by the label of the thing and the verb; each stage adds its own


@dataclass(frozen=True)
class Agreed:
    """Who accepts a proposal, with the consent of the cities that made it and agreed to it."""

    by: Actor
    cities: frozenset[int]

    @property
    def user_id(self) -> int | None:
        """The person who accepts."""
        return self.by.user_id

    @property
    def label(self) -> Words:
        """Their name."""
        return self.by.label

    @property
    def via(self) -> str:
        """How they came in."""
        return self.by.via

    @property
    def concerned(self) -> frozenset[int]:
        """The companies in which they declared an interest."""
        return self.by.concerned

    def may(self, power: str, thing: object) -> bool:
        """Whether they hold the power themselves."""
        return self.by.may(power, thing)

    def where(self, power: str) -> frozenset[int]:
        """Their own cities, and those that agreed."""
        return self.by.where(power) | self.cities


def propose_change(
    thing: Tracked,
    verb: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    author: User,
    by: Actor,
    at: datetime,
) -> CompanyChange:
    """Propose a move on what other cities rely on, with the values it takes. Changes nothing: those cities are notified, and decide.

    Refuses who may not make the move, one that needs no proposal, values that are there already, and what was proposed already.
    """
    with transaction.atomic():
        row = locked(thing)
        refused = moves_of(row)[verb].refusal(by, row, at)
        if refused is not None and not refused.details.get("proposes"):
            raise refused
        if not reason.strip():
            raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")
        change = _proposal(row, verb, values, reason.strip(), author, by)
        _rehearse(change, Agreed(by, frozenset((*change.asked, *change.agreed))), at)
        return changes.PROPOSE.start(change, by=by, at=at, reason=reason)


def _proposal(
    row: Tracked, verb: str, values: Mapping[str, Any], why: str, author: User, by: Actor
) -> CompanyChange:
    mine, relied = cities_of(by), _rely(row, verb, values)
    if not relied - mine:
        raise not_ready(_("No other city relies on this. Make the change itself."))
    told = _changes(row, verb, values)
    if not told:
        raise Refused("already_so", _("It says this already."))
    if verb in EDITS:
        values = {one["field"]: values[one["field"]] for one in told}
    change = CompanyChange(
        supplier=company_of(row).current,
        thing_label=row._meta.label_lower,
        thing_id=row.pk,
        verb=verb,
        values={name: _kept(value) for name, value in values.items()},
        changes=told,
        why=why,
        author=author,
        proposed_for=City.objects.get(pk=min(mine)),
        asked=sorted(relied - mine),
        agreed=sorted(relied & mine),
    )
    same = CompanyChange.objects.waiting().filter(thing_label=change.thing_label, thing_id=row.pk)
    if same.filter(verb=verb, values=change.values).exists():
        raise Refused("already_proposed", _("Somebody has proposed this already. It waits for a decision."))
    return change


def accept_change(
    change: CompanyChange, *, decided_by: User, by: Actor, at: datetime, answer: str = ""
) -> CompanyChange:
    """Agree for one's city. Once every city that is asked has agreed, the move is made with exactly the values that were proposed.

    Cities that have come to rely on the thing since are asked, too. Refuses where the thing says something else by now than when it
    was proposed.
    """
    with transaction.atomic():
        row = locked(change)  # another city may have agreed since it was read
        more = _ask_more(row)
        move = changes.ACCEPT if changes.accepts(by, row) else changes.AGREE
        with move.on(change, by=by, at=at, reason=answer, **({"asks": more} if more else {})) as row:
            row.agreed = sorted({*row.agreed, *(frozenset(row.asked) & cities_of(by))})
            if move is changes.ACCEPT:
                row.decided_by, row.decided_at, row.answer = decided_by, at, answer.strip()
        if move is changes.ACCEPT:
            _apply(change, Agreed(by, frozenset((*change.agreed, change.proposed_for_id))), at)
    return change


def _ask_more(row: CompanyChange) -> list[int]:
    """The cities, by id, that have come to rely on the thing since it was proposed: they decide as well. Part of the move itself, on
    the locked row.
    """
    if row.status != CompanyChange.Status.PROPOSED or row.verb == CompanyChange.COUNT:
        return []
    values = {name: _read(value) for name, value in row.values.items()}
    more = sorted(_rely(row.about, row.verb, values) - {*row.asked, *row.agreed, row.proposed_for_id})
    if more:
        row.asked = sorted({*row.asked, *more})
        row.save(update_fields=["asked"])
    return more


def decline_change(
    change: CompanyChange, *, decided_by: User, by: Actor, at: datetime, reason: str
) -> CompanyChange:
    """Leave it as it is. Refuses without a reason, which its author reads."""
    with changes.DECLINE.on(change, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, reason.strip()
        row.agreed = []
    return change


def reopen_change(change: CompanyChange, *, by: Actor, at: datetime, reason: str) -> CompanyChange:
    """Decide again about what was declined."""
    with changes.REOPEN.on(change, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = None, None, ""
    return change


def withdraw_change(change: CompanyChange, *, by: Actor, at: datetime, reason: str = "") -> CompanyChange:
    """Take one's own proposal back before it is decided."""
    with changes.WITHDRAW.on(change, by=by, at=at, reason=reason):
        pass
    return change


def _apply(change: CompanyChange, by: Agreed, at: datetime) -> None:
    thing = change.about
    if change.verb == CompanyChange.COUNT:
        _count(thing, change.asked, at)
        return
    values = {name: _read(value) for name, value in change.values.items()}
    if _changes(thing, change.verb, values) != change.changes:
        raise not_ready(_("Somebody has changed this since. Decline it; its author may propose it again."))
    why = f"{change.reference}, {change.author}: {change.why}"
    _make(change, thing, why, by, at)


def _make(change: CompanyChange, thing: Any, why: str, by: Agreed, at: datetime) -> None:
    values = {name: _read(value) for name, value in change.values.items()}
    PROPOSABLE[change.thing_label, change.verb].make(thing, values, change.author, why, by, at)


class _Undone(Exception):
    """Nothing of a rehearsal stays."""


def _rehearse(change: CompanyChange, by: Agreed, at: datetime) -> None:
    """Refuse what the move would refuse: no city is asked about what cannot be."""
    try:
        with transaction.atomic():
            _make(change, change.about, change.why, by, at)
            raise _Undone
    except _Undone:
        pass


def _count(thing: Any, cities: Iterable[int], at: datetime) -> None:
    """From now on it counts for these cities, too: their offers are judged by it, and the checks that rest on it are made again."""
    row = locked(thing)
    left = [city_id for city_id in row.not_for if city_id not in cities]
    type(row)._default_manager.filter(pk=row.pk).update(not_for=left)
    companies, facts = _touched(row)
    for company in sorted(companies, key=lambda one: one.pk):
        note_change(company, at, *facts, only=cities)


def _touched(thing: Any) -> tuple[set[Supplier], tuple[str, ...]]:
    """The companies whose offers are judged by what was entered, and the facts of it that checks rest on."""
    company = company_of(thing).current
    if isinstance(thing, Supplier):
        return {company, *alike(company)}, ()
    if isinstance(thing, Certificate):
        others = Supplier.objects.filter(pk__in=who_show({thing.number_key}, company))
        return {company, *others}, ("needed", "certificates", paper_fact(thing.pk))
    if isinstance(thing, LookUp) and speaks_against(thing):
        return {company}, (FACTS[thing.kind],)
    return {company}, ()


def _rely(thing: Any, verb: str, values: Mapping[str, Any]) -> frozenset[int]:
    """Who relies on what a move changes: on the thing, or on the company; and on another company it names."""
    of = company_of(thing).current if verb == CompanyChange.SETTLE else thing
    others = [value for value in values.values() if isinstance(value, Supplier)]
    return relying.on(of).union(*(relying.on(other) for other in others))


def _changes(thing: Any, verb: str, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a move would change, as text: each fact with what it says now and what it should say; then the status."""
    columns = {one.name for one in (*thing._meta.fields, *thing._meta.many_to_many)}
    told = []
    for name, value in sorted(values.items()):
        old = _text(getattr(thing, name)) if name in columns else ""
        if old != _text(value):
            told.append({"field": name, "old": old, "new": _text(value)})
    if verb == CompanyChange.SETTLE:
        told += _settled(thing)
    target = moves_of(thing)[verb].target
    if target is not None and target != thing.status:
        told.append({"field": "status", "old": thing.status, "new": target})
    elif target is None and verb not in EDITS:
        told.append({"field": "", "old": "", "new": verb})
    return told


def _settled(fact: CompanyFact) -> list[dict[str, str]]:
    """What the company says of a fact, and what it would say once this one is settled."""
    company = fact.supplier.current
    if fact.name in NO_COLUMN:
        chosen = (
            CompanyFact.objects.of(company).filter(name=fact.name, status=CompanyFact.Status.SETTLED).last()
        )
        old, new = chosen.value if chosen is not None else "", fact.value
    else:
        old, new = _text(getattr(company, fact.name)), _text(kept(fact.name, fact.value))
    return [{"field": fact.name, "old": old, "new": new}] if old != new else []


EDITS = frozenset({"correct", "amend"})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(getattr(value, "reference", "") or getattr(value, "code", "") or value)
    if hasattr(value, "all"):
        return _text(list(value.all()))
    if isinstance(value, list | tuple):
        return ", ".join(
            sorted(map(_text, value)) if value and isinstance(value[0], Model) else map(_text, value)
        )
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(one)}" for name, one in sorted(value.items()))
    return str(value)


def _kept(value: Any) -> Any:
    """A value as it is kept until it is applied."""
    if isinstance(value, Model):
        return {"is": value._meta.label_lower, "id": value.pk}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, list | tuple):
        return [_kept(one) for one in value]
    return {"of": {name: _kept(one) for name, one in value.items()}} if isinstance(value, dict) else value


def _read(value: Any) -> Any:
    """A kept value, as the action takes it."""
    if isinstance(value, list):
        return [_read(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "is" in value:
        return apps.get_model(value["is"])._base_manager.get(pk=value["id"])
    return {name: _read(one) for name, one in value["of"].items()}
