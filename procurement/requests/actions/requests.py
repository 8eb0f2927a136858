"""Actions on needs: draft, edit, post, reconfirm, clarify, share, stop, fulfil and withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.cities.models import City
from partners.permissions.permissions import Permissions
from procurement.requests import rules
from procurement.requests.actions.lines import (
    LineFacts,
    journal_facts_of_line,
    require_complete_need,
    save_line_facts,
    unsaved_line,
)
from procurement.requests.actions.proposals import clear_proposal
from procurement.requests.actions.reconfirmation import (
    mark_posted,
    set_reconfirmation_day,
    treat_change_as_confirmation,
)
from procurement.requests.approval.rules import DECIDED_FIELDS, widening_refusal
from procurement.requests.models import SupplyRequest
from procurement.requests.rules import (
    FIELDS_NEEDING_REASON,
    has_same_value,
    invalid_needed_by_refusal,
    invalid_reconfirm_day_refusal,
    unchanged_day_refusal,
    unexplained_change_refusal,
)
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused, raise_refusal
from workflow.moves import register_action


class RequestFacts(TypedDict, total=False):
    """Facts of a new need, besides its city, title and lines."""

    declared_use: str
    facility_kinds: list[str]
    deliver_to: str
    deliver_locode: str
    importer_of_record: str
    needed_by: date | None
    reconfirm_by: date | None
    accepts: list[str]
    visibility: str
    notes: str
    notes_language: str


@dataclass(frozen=True, kw_only=True)
class RequestEdit(Edit):
    """Facts of a need to change."""

    title: str | Unset = UNSET
    declared_use: str | Unset = UNSET
    facility_kinds: list[str] | Unset = UNSET
    deliver_to: str | Unset = UNSET
    deliver_locode: str | Unset = UNSET
    importer_of_record: str | Unset = UNSET
    needed_by: date | Unset | None = UNSET
    reconfirm_by: date | Unset | None = UNSET
    accepts: list[str] | Unset = UNSET
    visibility: str | Unset = UNSET
    notes: str | Unset = UNSET
    notes_language: str | Unset = UNSET


@register_action(rules.DRAFT_NEED)
def draft_request(
    city: City,
    *,
    title: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    lines: Sequence[LineFacts] = (),
    **facts: Unpack[RequestFacts],
) -> SupplyRequest:
    """Start a need, with or without its lines. Until it is posted, only its own city sees it.

    Refuses an actor who may not post needs for the city, and dates that have passed in the city.
    """
    supply_request = SupplyRequest(city=city, title=title, author=author, **facts)
    with transaction.atomic():
        values: dict[str, Any] = (
            {"lines": [journal_facts_of_line(*each) for each in enumerate(lines, start=1)]} if lines else {}
        )
        rules.DRAFT_NEED.create(supply_request, by=by, at=at, **values)
        _require_possible_days(city.day_at(at), facts.get("needed_by"), facts.get("reconfirm_by"))
        for number, line in enumerate(lines):
            fresh = unsaved_line(supply_request, number + 1)
            save_line_facts(supply_request, fresh, line, at, within=f"lines.{number}.")
    return supply_request


@register_action(rules.EDIT)
def edit_request(
    supply_request: SupplyRequest, edit: RequestEdit, *, by: Actor, at: datetime, reason: str = ""
) -> SupplyRequest:
    """Change a need's own facts (title, dates, place, use and others) while it is a draft or open.

    Refuses to remove what a posted need must have, to change a date to one that has passed in the city, once others
    were asked, to change use, place or date without a reason, and, where the need needs approval, to open it for
    purchase or to more cities. If a fact beside a proposed change changes, the change waits from now on.
    """
    with rules.EDIT.apply_to(supply_request, by=by, at=at, reason=reason) as need:
        edit.check_version(need)
        given = edit.changes().items()
        other = {name: value for name, value in given if not has_same_value(need, name, value)}
        _require_possible_days(need.city.day_at(at), other.get("needed_by"), other.get("reconfirm_by"))
        if other.keys() & FIELDS_NEEDING_REASON:
            raise_refusal(unexplained_change_refusal(need, reason))
        raise_refusal(widening_refusal(need, other))
        if need.waiting_since is not None and other.keys() & DECIDED_FIELDS:
            # The approver read other facts: what waits is to be read again, also on a practice site whose clock is still.
            need.waiting_since = max(at, need.waiting_since + timedelta.resolution)
        other_use = bool(other.keys() & {"declared_use", "facility_kinds"})
        for name, value in other.items():
            setattr(need, name, value)
        if "reconfirm_by" in other:
            set_reconfirmation_day(need, need.reconfirm_by)
        elif other:
            treat_change_as_confirmation(need, at)
        require_complete_need(need)
        if other_use:
            need.lines.update(changed_at=at)
    return supply_request


@register_action(rules.POST_NEED)
def post_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Post the need, so that partners may be asked.

    Refuses a need without lines, a date, a place, its users or how goods may come, a need with a date that
    has passed, and one that the city approves first (`approval.actions`).
    """
    with rules.POST_NEED.apply_to(supply_request, by=by, at=at) as need:
        need.sent_back_at = None
        mark_posted(need, at)
    return supply_request


@register_action(rules.RECONFIRM)
def reconfirm_request(
    supply_request: SupplyRequest, *, until: date | None = None, by: Actor, at: datetime
) -> SupplyRequest:
    """Confirm that the goods are still needed, and set the date on which to ask again.

    Without a date, the city is asked again after the period of the need's priority. If new offers were paused
    because this confirmation was missing, they are taken again. Refuses a date that has passed, and the date
    about which the city was just asked.
    """
    with rules.RECONFIRM.apply_to(supply_request, by=by, at=at) as need:
        day = until or need.city.day_at(at) + rules.reconfirmation_period(need)
        raise_refusal(invalid_reconfirm_day_refusal(day, need.city.day_at(at), "until"))
        raise_refusal(unchanged_day_refusal(need, day))
        set_reconfirmation_day(need, day)
    return supply_request


def reconfirm_requests(
    *, supply_requests: Sequence[str], until: date | None = None, by: Permissions, at: datetime
) -> list[dict[str, Any]]:
    """Confirm several needs, and return the result of each. A refusal of one does not hold up the others."""
    references = list(dict.fromkeys(supply_requests))
    seen = SupplyRequest.objects.visible_to(by).filter(reference__in=references).select_related("city")
    known = {need.reference: need for need in seen}
    # All who lock several needs lock them in one order.
    results = {
        reference: _reconfirmation_result(reference, known.get(reference), until=until, by=by, at=at)
        for reference in sorted(references)
    }
    return [results[reference] for reference in references]


def _reconfirmation_result(
    reference: str, need: SupplyRequest | None, *, until: date | None, by: Permissions, at: datetime
) -> dict[str, Any]:
    """Confirm one need, and return its result. A need that the caller may not see is one that does not exist."""
    result: dict[str, Any] = {"supply_request": reference, "reconfirm_by": None, "refused": None}
    try:
        if need is None:
            unknown = gettext("“{value}” does not exist, or you cannot see it.").format(value=reference)
            raise Refused("no_such_need", unknown)
        with transaction.atomic():
            result["reconfirm_by"] = reconfirm_request(need, until=until, by=by, at=at).reconfirm_by
    except Refused as refused:
        result["refused"] = {"code": refused.code, "detail": str(refused.message)}
    return result


def ask_to_reconfirm(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Ask the city whether the goods are still needed, two days before its date of reconfirmation."""
    with rules.ASK_TO_RECONFIRM.apply_to(supply_request, by=by, at=at) as need:
        need.reconfirm_asked_for = need.reconfirm_by
    return supply_request


def ask_due_reconfirmations(at: datetime) -> int:
    """Ask the cities whose needs must be reconfirmed within two days. Return the number of such needs.

    Run by the periodic job.
    """
    due = SupplyRequest.objects.due_for_reconfirmation(at + rules.ASK_BEFORE_RECONFIRMATION).order_by("pk")
    return process_due(due, lambda need: ask_to_reconfirm(need, by=SYSTEM, at=at))


@register_action(rules.PUBLISH_ANSWER)
def publish_question_and_answer(
    supply_request: SupplyRequest, *, question: str, answer: str, by: Actor, at: datetime
) -> SupplyRequest:
    """Publish a question and its answer to everyone who was or will be asked. It does not say who asked.

    The periodic job sends it to those who were asked. Refuses an empty question or answer.
    """
    facts = {"question": question.strip(), "answer": answer.strip()}
    with rules.PUBLISH_ANSWER.apply_to(supply_request, by=by, at=at, **facts):
        for name, words in (("question", _("Enter the question.")), ("answer", _("Enter the answer."))):
            if not facts[name]:
                raise Refused(f"{name}_missing", words, field=name)
    return supply_request


def announce_change(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Notify contacts without an inquiry of their own of a changed need.

    These are contacts who made an offer or carry out a check.
    """
    since = supply_request.announced_at or supply_request.posted_at
    with rules.ANNOUNCE_CHANGES.apply_to(
        supply_request, by=by, at=at, since=since.isoformat() if since else ""
    ) as need:
        need.announced_at = at
    return supply_request


def announce_changes(at: datetime) -> int:
    """Announce the changes of needs with offers, an hour after the first change.

    Returns the number of such needs.

    Run by the periodic job.
    """
    due = SupplyRequest.objects.with_unannounced_changes(at - rules.ANNOUNCE_CHANGES_AFTER).order_by("pk")
    return process_due(due, lambda need: announce_change(need, by=SYSTEM, at=at))


def lapse_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Pause new offers for a need that its city did not confirm for a second period."""
    with rules.PAUSE_UNCONFIRMED_NEED.apply_to(supply_request, by=by, at=at) as need:
        need.stopped = need.lapsed = True
    return supply_request


def lapse_unconfirmed(at: datetime) -> int:
    """Pause new offers for the needs that were not confirmed for a second period. Return their number.

    Run by the periodic job.
    """
    due = SupplyRequest.objects.due_to_lapse(at, rules.RECONFIRM_AFTER).order_by("pk")
    return process_due(due, lambda need: lapse_request(need, by=SYSTEM, at=at))


@register_action(rules.SHARE_NEED)
def share_request(supply_request: SupplyRequest, *, city: City, by: Actor, at: datetime) -> SupplyRequest:
    """Let another city see this need, whatever its visibility. Refuses the need's own city."""
    with rules.SHARE_NEED.apply_to(supply_request, by=by, at=at, shared_with=city.slug) as need:
        if city.pk == need.city_id:
            raise Refused("own_city", _("The need already belongs to this city."), field="city")
        need.shared_with.add(city)
    return supply_request


@register_action(rules.PAUSE_OFFERS)
def stop_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Pause new offers for a need.

    Everyone with an open offer is notified that it remains valid. The periodic job pauses the open inquiries.
    """
    with rules.PAUSE_OFFERS.apply_to(supply_request, by=by, at=at, reason=reason) as need:
        need.stopped = True
    return supply_request


@register_action(rules.RESUME_OFFERS)
def resume_offers(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Take offers again. The periodic job resumes the paused inquiries."""
    with rules.RESUME_OFFERS.apply_to(supply_request, by=by, at=at) as need:
        need.stopped = False
    return supply_request


@register_action(rules.FULFIL)
def fulfil_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Close the need as fulfilled; a proposed change lapses. Refuses while a line is not released in full."""
    with rules.FULFIL.apply_to(supply_request, by=by, at=at) as need:
        clear_proposal(need)
    return supply_request


@register_action(rules.REOPEN)
def reopen_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Open a fulfilled need again because goods were recalled.

    Refuses while every line is released in full.
    """
    with rules.REOPEN.apply_to(supply_request, by=by, at=at, reason=reason) as need:
        set_reconfirmation_day(need, need.city.day_at(at) + rules.reconfirmation_period(need))
    return supply_request


@register_action(rules.WITHDRAW)
def withdraw_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Withdraw a need for goods that are no longer needed. Refuses while goods are on the way.

    The periodic job closes its open inquiries, checks and allocations.
    """
    with rules.WITHDRAW.apply_to(supply_request, by=by, at=at, reason=reason) as need:
        clear_proposal(need)
    return supply_request


def _require_possible_days(today: date, needed_by: date | None, reconfirm_by: date | None) -> None:
    """Refuse dates that have passed or are too far ahead."""
    raise_refusal(invalid_needed_by_refusal(needed_by, today))
    raise_refusal(invalid_reconfirm_day_refusal(reconfirm_by, today, "reconfirm_by"))
