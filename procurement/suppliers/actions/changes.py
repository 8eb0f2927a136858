"""Actions on proposed changes of shared facts about a supplier (ADR 92).

A city proposes; the cities that deal with the supplier agree or decline. An accepted proposal is applied
unchanged; its author can withdraw it before that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.cities.models import City
from procurement.suppliers.actions.certificates import suppliers_showing_number
from procurement.suppliers.actions.fact_acceptance import supplier_of
from procurement.suppliers.actions.facts import FACTS_WITHOUT_COLUMN
from procurement.suppliers.actions.suppliers import request_rescreening, similar_suppliers
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import changes
from procurement.suppliers.rules.certificates import certificate_fact_name
from procurement.suppliers.rules.changes import may_accept_change
from procurement.suppliers.rules.dependent_cities import actor_cities, cities_relying_on
from procurement.suppliers.rules.facts import parse_fact_value
from procurement.suppliers.rules.register_lookups import CHANGED_FACT_BY_KIND, is_adverse
from workflow.action_arguments import ActionArguments
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.edits import pack_edit
from workflow.errors import LazyText, Refused
from workflow.moves import Move, action_of, moves_of, not_ready_refusal, register_action, select_locked

# Moves that other cities may have to agree to, with the arguments that each sets itself. Packages add their own.
PROPOSABLE_MOVES: dict[Move[Any], Mapping[str, Any]] = {}


@dataclass(frozen=True)
class ConsentingActor:
    """Actor who accepts a proposal with the consent of the cities that proposed it or agreed to it."""

    accepting_actor: Actor
    consenting_city_ids: frozenset[int]

    @property
    def user_id(self) -> int | None:
        """The id of the person who accepts."""
        return self.accepting_actor.user_id

    @property
    def label(self) -> LazyText:
        """The name of the person who accepts."""
        return self.accepting_actor.label

    @property
    def via(self) -> str:
        """The way the person came in: session, token or link."""
        return self.accepting_actor.via

    @property
    def companies_with_interest(self) -> frozenset[int]:
        """The ids of the suppliers in which the person declared an interest."""
        return self.accepting_actor.companies_with_interest

    def may(self, power: str, thing: object) -> bool:
        """Return True if the person holds the power."""
        return self.accepting_actor.may(power, thing)

    def cities_with(self, power: str) -> frozenset[int]:
        """Return the person's own cities and those that agreed."""
        return self.accepting_actor.cities_with(power) | self.consenting_city_ids


@register_action(changes.PROPOSE)
def propose_change(
    thing: JournaledModel,
    verb: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierChange:
    """Propose a move, with its values, on an object on which other cities rely.

    Nothing changes yet: those cities are notified and decide. Refuses an actor who may not make the
    move, a move that needs no proposal, values that are already set, and a proposal that already waits.
    """
    with transaction.atomic():
        row = select_locked(thing)
        refused = moves_of(row)[verb].refusal(by, row, at)
        if refused is not None and not refused.details.get("proposes"):
            raise refused
        if not reason.strip():
            raise Refused("reason_missing", _("Enter a reason."), field="reason")
        change = _proposal(row, verb, values, reason.strip(), author, by)
        _rehearse_move(change, ConsentingActor(by, frozenset((*change.asked, *change.agreed))), at)
        return changes.PROPOSE.create(change, by=by, at=at, reason=reason)


def _proposal(
    row: JournaledModel, verb: str, values: Mapping[str, Any], why: str, author: User, by: Actor
) -> SupplierChange:
    mine, relied = actor_cities(by), _cities_relying_on_change(row, verb, values)
    if not relied - mine:
        raise not_ready_refusal(_("No other city relies on this information. Make the change directly."))
    data = _described_changes(row, verb, values)
    if not data:
        raise Refused("already_so", _("This value is already recorded."))
    if verb in EDIT_VERBS:
        values = {one["field"]: values[one["field"]] for one in data}
    change = SupplierChange(
        supplier=supplier_of(row).current_row,
        thing_label=row._meta.label_lower,
        thing_id=row.pk,
        verb=verb,
        values={name: _as_json(value) for name, value in values.items()},
        changes=data,
        why=why,
        author=author,
        proposed_for=City.objects.get(pk=min(mine)),
        asked=sorted(relied - mine),
        agreed=sorted(relied & mine),
    )
    same = SupplierChange.objects.waiting().filter(thing_label=change.thing_label, thing_id=row.pk)
    if same.filter(verb=verb, values=change.values).exists():
        raise Refused(
            "already_proposed", _("Someone has already proposed this change. It is awaiting a decision.")
        )
    return change


@register_action(changes.AGREE, changes.ACCEPT)
def accept_change(
    change: SupplierChange, *, decided_by: ActingUser, by: Actor, at: datetime, answer: str = ""
) -> SupplierChange:
    """Agree for the actor's city. When every asked city has agreed, make the move as proposed.

    Cities that have come to rely on the object since then are asked, too. Refuses if the object has
    changed since the proposal.
    """
    with transaction.atomic():
        row = select_locked(change)  # another city may have agreed meanwhile
        more = _add_dependent_cities(row)
        move = changes.ACCEPT if may_accept_change(by, row) else changes.AGREE
        with move.apply_to(change, by=by, at=at, reason=answer, **({"asks": more} if more else {})) as row:
            row.agreed = sorted({*row.agreed, *(frozenset(row.asked) & actor_cities(by))})
            if move is changes.ACCEPT:
                row.decided_by, row.decided_at, row.answer = decided_by, at, answer.strip()
        if move is changes.ACCEPT:
            _apply_change(
                change, ConsentingActor(by, frozenset((*change.agreed, change.proposed_for_id))), at
            )
    return change


def _add_dependent_cities(row: SupplierChange) -> list[int]:
    """Add the cities that have come to rely on the object since the proposal, and return their ids.

    They decide as well. Part of the move itself, on the locked row.
    """
    if row.status != SupplierChange.Status.PROPOSED or row.verb == SupplierChange.ACCEPT_FACT_VERB:
        return []
    values = {name: _from_json(value) for name, value in row.values.items()}
    more = sorted(
        _cities_relying_on_change(row.changed_object, row.verb, values)
        - {*row.asked, *row.agreed, row.proposed_for_id}
    )
    if more:
        row.asked = sorted({*row.asked, *more})
        row.save(update_fields=["asked"])
    return more


@register_action(changes.DECLINE)
def decline_change(
    change: SupplierChange, *, decided_by: ActingUser, by: Actor, at: datetime, reason: str
) -> SupplierChange:
    """Decline a proposal. Refuses an empty reason, because the author reads it."""
    with changes.DECLINE.apply_to(change, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, reason.strip()
        row.agreed = []
    return change


@register_action(changes.REOPEN)
def reopen_change(change: SupplierChange, *, by: Actor, at: datetime, reason: str) -> SupplierChange:
    """Reopen a declined proposal."""
    with changes.REOPEN.apply_to(change, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = None, None, ""
    return change


@register_action(changes.WITHDRAW)
def withdraw_change(change: SupplierChange, *, by: Actor, at: datetime, reason: str = "") -> SupplierChange:
    """Withdraw one's own proposal before it is decided."""
    with changes.WITHDRAW.apply_to(change, by=by, at=at, reason=reason):
        pass
    return change


def _apply_change(change: SupplierChange, by: ConsentingActor, at: datetime) -> None:
    thing = change.changed_object
    if change.verb == SupplierChange.ACCEPT_FACT_VERB:
        _count_for_cities(thing, change.asked, at)
        return
    values = {name: _from_json(value) for name, value in change.values.items()}
    if _described_changes(thing, change.verb, values) != change.changes:
        raise not_ready_refusal(
            _(
                "Someone has since changed this information. Decline the proposal; its author can submit "
                "it again."
            )
        )
    why = f"{change.reference}, {change.author}: {change.why}"
    _make_proposed_move(change, thing, why, by, at)


def _make_proposed_move(
    change: SupplierChange, thing: Any, why: str, by: ConsentingActor, at: datetime
) -> None:
    """Make the proposed move with its values, in the name of the proposal's author."""
    move = moves_of(thing)[change.verb]
    action, fixed = action_of(move), PROPOSABLE_MOVES[move]
    arguments = ActionArguments.from_action(action)
    values = {name: _from_json(value) for name, value in change.values.items()}
    reason = {"reason": why} if "reason" in {one.name for one in arguments.input_parameters} else {}
    filled = arguments.request_values(by=by, person=change.author, at=at, real_at=at)
    action(thing, **pack_edit(action, {**values, **fixed}), **reason, **filled)


class _RehearsalRollback(Exception):
    """Raised to roll back a rehearsal."""


def _rehearse_move(change: SupplierChange, by: ConsentingActor, at: datetime) -> None:
    """Refuse what the move would refuse, so that no city is asked about an impossible change."""
    try:
        with transaction.atomic():
            _make_proposed_move(change, change.changed_object, change.why, by, at)
            raise _RehearsalRollback
    except _RehearsalRollback:
        pass


def _count_for_cities(thing: Any, cities: Iterable[int], at: datetime) -> None:
    """Make a fact count for these cities as well.

    Their offers are screened with it, and checks based on it are repeated.
    """
    row = select_locked(thing)
    left = [city_id for city_id in row.excluded_city_ids if city_id not in cities]
    type(row)._default_manager.filter(pk=row.pk).update(excluded_city_ids=left)
    companies, facts = _affected_suppliers_and_facts(row)
    for company in sorted(companies, key=lambda one: one.pk):
        request_rescreening(company, at, *facts, only=cities)


def _affected_suppliers_and_facts(thing: Any) -> tuple[set[Supplier], tuple[str, ...]]:
    """Return the suppliers whose offers depend on this object, and the facts on which checks are based."""
    company = supplier_of(thing).current_row
    if isinstance(thing, Supplier):
        return {company, *similar_suppliers(company)}, ()
    if isinstance(thing, Certificate):
        others = Supplier.objects.filter(pk__in=suppliers_showing_number({thing.number_key}, company))
        return {company, *others}, ("needed", "certificates", certificate_fact_name(thing.pk))
    if isinstance(thing, RegisterLookup) and is_adverse(thing):
        return {company}, (CHANGED_FACT_BY_KIND[thing.kind],)
    return {company}, ()


def _cities_relying_on_change(thing: Any, verb: str, values: Mapping[str, Any]) -> frozenset[int]:
    """Return the cities that rely on what a move changes.

    This is the object or its supplier, and any other supplier among the values.
    """
    of = supplier_of(thing).current_row if verb == SupplierChange.SELECT_VALUE_VERB else thing
    others = [value for value in values.values() if isinstance(value, Supplier)]
    return cities_relying_on(of).union(*(cities_relying_on(other) for other in others))


def _described_changes(thing: Any, verb: str, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what a move would change, as text: each fact's old and new value, then the status."""
    columns = {one.name for one in (*thing._meta.fields, *thing._meta.many_to_many)}
    data = []
    for name, value in sorted(values.items()):
        old = _text(getattr(thing, name)) if name in columns else ""
        if old != _text(value):
            data.append({"field": name, "old": old, "new": _text(value)})
    if verb == SupplierChange.SELECT_VALUE_VERB:
        data += _described_selection(thing)
    target = moves_of(thing)[verb].target
    if target is not None and target != thing.status:
        data.append({"field": "status", "old": thing.status, "new": target})
    elif target is None and verb not in EDIT_VERBS:
        data.append({"field": "", "old": "", "new": verb})
    return data


def _described_selection(fact: SupplierFact) -> list[dict[str, str]]:
    """Return the change of the supplier's value if this source is chosen; empty without a change."""
    company = fact.supplier.current_row
    if fact.name in FACTS_WITHOUT_COLUMN:
        chosen = (
            SupplierFact.objects.about_supplier(company)
            .filter(name=fact.name, status=SupplierFact.Status.SELECTED)
            .last()
        )
        old, new = chosen.value if chosen is not None else "", fact.value
    else:
        old, new = _text(getattr(company, fact.name)), _text(parse_fact_value(fact.name, fact.value))
    return [{"field": fact.name, "old": old, "new": new}] if old != new else []


EDIT_VERBS = frozenset({"correct", "amend"})


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


def _as_json(value: Any) -> Any:
    """Return a value as JSON, for storing it until it is applied."""
    if isinstance(value, Model):
        return {"is": value._meta.label_lower, "id": value.pk}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    return {"of": {name: _as_json(one) for name, one in value.items()}} if isinstance(value, dict) else value


def _from_json(value: Any) -> Any:
    """Return a stored value in the form that the action takes."""
    if isinstance(value, list):
        return [_from_json(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "is" in value:
        return apps.get_model(value["is"])._base_manager.get(pk=value["id"])
    return {name: _from_json(one) for name, one in value["of"].items()}
