"""Actions on agreements: add, correct, confirm, suspend, resume, end, renew, remind."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.agreements import rules
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import (
    ADD,
    ASK_TO_CONFIRM,
    CONFIRM,
    CORRECT,
    END,
    REMIND,
    RENEW,
    RESUME,
    SUSPEND,
    UNDO_END,
    confirm_sides,
    due_reminder_count,
    end_before_signature_refusal,
    may_ask_to_confirm,
    unconfirm_extension,
)
from partners.cities.models import City
from partners.partial_dates import UNKNOWN_DATE, PartialDate
from workflow.actors import SYSTEM, Actor
from workflow.days import utc_day
from workflow.due_rows import process_due
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.moves import Move, not_ready_refusal, register_action
from workflow.outbox import queue


# --- agreements -------------------------------------------------------------------------------------------------
class AgreementFacts(TypedDict, total=False):
    """Facts of a new agreement, besides its cities, kind and dates.

    `certain` is False if no source says that the agreement is in force. `conflict` says which source states what, if
    they disagree.
    """

    certain: bool
    source_url: str
    source_type: str
    scope: str
    note: str
    conflict: str


@dataclass(frozen=True, kw_only=True)
class AgreementEdit(Edit):
    """Facts of an agreement to correct. `ended` is also the day of a suspension."""

    kind: str | Unset = UNSET
    signed: PartialDate | Unset = UNSET
    expires: PartialDate | Unset = UNSET
    ended: PartialDate | Unset = UNSET
    recorded_on: date | Unset = UNSET
    certain: bool | Unset = UNSET
    source_url: str | Unset = UNSET
    source_type: str | Unset = UNSET
    scope: str | Unset = UNSET
    note: str | Unset = UNSET
    conflict: str | Unset = UNSET


@register_action(ADD)
def add_agreement(
    city_a: City,
    city_b: City,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    signed: PartialDate = UNKNOWN_DATE,
    expires: PartialDate = UNKNOWN_DATE,
    recorded_on: date | None = None,
    reason: str = "",
    **facts: Unpack[AgreementFacts],
) -> TwinningAgreement:
    """Record an agreement of two cities.

    Refuses an agreement of a city with itself, and a second agreement of the same kind between the same two.
    """
    if city_a.pk == city_b.pk:
        raise Refused("one_place", _("Choose two different cities."), field="city_b")
    with transaction.atomic():
        if agreements_between(city_a, city_b).filter(kind=kind).exists():
            raise Refused(
                "already_twinned",
                _("This agreement is already in the register. Correct it on the agreement’s page."),
                field="kind",
            )
        agreement = TwinningAgreement(
            city_a=city_a,
            city_b=city_b,
            kind=kind,
            signed_on=signed.first_day,
            signed_precision=signed.precision,
            expires_on=expires.first_day,
            expires_precision=expires.precision,
            recorded_on=recorded_on or utc_day(at),  # in UTC, because an agreement belongs to two cities
            **facts,
        )
        _require_date_order(agreement)
        confirm_sides(agreement, by)
        ADD.create(agreement, by=by, at=at, reason=reason)
        notify_other_side(agreement, by=by, at=at)
        return agreement


@register_action(CORRECT)
def correct_agreement(
    agreement: TwinningAgreement, edit: AgreementEdit, *, by: Actor, at: datetime, reason: str
) -> TwinningAgreement:
    """Correct facts of an agreement, including `signed`, `expires` and `ended`. Requires a reason.

    If the expiry date changes, the reminders start again for the new date.
    """
    with agreement_extension_move(CORRECT, agreement, by=by, at=at, reason=reason) as row:
        edit.check_version(row)
        set_agreement_facts(row, edit.changes())
    return agreement


@contextmanager
def agreement_extension_move(
    move: Move[TwinningAgreement], agreement: TwinningAgreement, *, by: Actor, at: datetime, reason: str
) -> Iterator[TwinningAgreement]:
    """Make a move after which an agreement may be in force for longer.

    If one side alone extends it, the other side is asked to confirm.
    """
    with transaction.atomic():
        with move.apply_to(agreement, by=by, at=at, reason=reason) as row:
            before = copy(row)
            yield row
            after = copy(row)
            after.status = move.target or row.status
            unconfirm_extension(after, before, by, utc_day(at))
            row.confirmed_a, row.confirmed_b = after.confirmed_a, after.confirmed_b
            row.agreed_until = after.agreed_until
        if (before.confirmed_a, before.confirmed_b) != (agreement.confirmed_a, agreement.confirmed_b):
            notify_other_side(agreement, by=by, at=at)


def notify_other_side(agreement: TwinningAgreement, *, by: Actor, at: datetime) -> None:
    """Ask the other side to confirm an agreement that one side recorded or extended alone.

    Does nothing for a confirmed agreement.
    """
    if may_ask_to_confirm(by, agreement):
        with ASK_TO_CONFIRM.apply_to(agreement, by=by, at=at):
            pass


def agreements_between(city_a: City, city_b: City) -> Any:
    """Return the agreements of two cities, in either order."""
    return TwinningAgreement.objects.filter(Q(city_a=city_a, city_b=city_b) | Q(city_a=city_b, city_b=city_a))


def set_agreement_facts(agreement: TwinningAgreement, facts: Mapping[str, Any]) -> None:
    """Set facts of an agreement; a date goes into its two columns.

    A new expiry date cancels the reminders of the old one. Refuses an end before the signing.
    """
    old_last_day = agreement.expires.last_day
    for name, value in facts.items():
        if isinstance(value, PartialDate):
            setattr(agreement, f"{name}_on", value.first_day)
            setattr(agreement, f"{name}_precision", value.precision)
        else:
            setattr(agreement, name, value)
    _require_date_order(agreement)
    if agreement.expires.last_day != old_last_day:
        agreement.reminded = 0
        queue.cancel_messages_about(agreement)


def _require_date_order(agreement: TwinningAgreement) -> None:
    refused = end_before_signature_refusal(agreement)
    if refused is not None:
        raise refused


@register_action(SUSPEND)
def suspend_agreement(
    agreement: TwinningAgreement, *, by: Actor, at: datetime, reason: str, on: PartialDate = UNKNOWN_DATE
) -> TwinningAgreement:
    """Suspend an agreement. It is not used for inquiries until it is resumed. Requires a reason."""
    with SUSPEND.apply_to(agreement, by=by, at=at, reason=reason) as row:
        set_agreement_facts(row, {"ended": on})
        queue.cancel_messages_about(row)
    return agreement


@register_action(RESUME)
def resume_agreement(
    agreement: TwinningAgreement, *, by: Actor, at: datetime, reason: str, expires: PartialDate | None = None
) -> TwinningAgreement:
    """Resume a suspended agreement, until its own expiry date or a new one.

    Requires a reason. Refuses a new date in the past.
    """
    with agreement_extension_move(RESUME, agreement, by=by, at=at, reason=reason) as row:
        _set_expiry(row, row.expires if expires is None else expires, at)
        _reinstate(row)
    return agreement


@register_action(END)
def end_agreement(
    agreement: TwinningAgreement,
    *,
    why: str,
    by: Actor,
    at: datetime,
    reason: str,
    on: PartialDate = UNKNOWN_DATE,
) -> TwinningAgreement:
    """End an agreement that expired or was terminated. It stays in the register but is never used again.

    Requires a reason. Refuses an agreement that has ended already. The periodic job closes dependent items.
    """
    with END.apply_to(agreement, by=by, at=at, reason=reason) as row:
        set_agreement_facts(row, {"ended_why": why, "ended": on})
        queue.cancel_messages_about(row)
    return agreement


@register_action(UNDO_END)
def undo_end(agreement: TwinningAgreement, *, by: Actor, at: datetime, reason: str) -> TwinningAgreement:
    """Undo an end that was entered by mistake. The agreement is in force again, or suspended as before.

    Requires a reason.
    """
    with transaction.atomic():
        with agreement_extension_move(UNDO_END, agreement, by=by, at=at, reason=reason) as row:
            ended, before = row.ended, _values_before_end(row)
            _reinstate(row)
        if before.get("status") == TwinningAgreement.Status.SUSPENDED:
            day = (
                before["ended_on"]
                if "ended_on" in before
                else ended.first_day and ended.first_day.isoformat()
            )
            precision = before.get("ended_precision", ended.precision)
            since = PartialDate(date.fromisoformat(day), precision) if day else UNKNOWN_DATE
            suspend_agreement(agreement, by=by, at=at, reason=reason, on=since)
    return agreement


def _values_before_end(row: TwinningAgreement) -> dict[str, Any]:
    """Return the values before the last end of the agreement, for the fields that it changed."""
    entries = history_of(row).filter(verb=END.verb)
    return entries.values_list("before", flat=True).first() or {}


@register_action(RENEW)
def renew_agreement(
    agreement: TwinningAgreement,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expires: PartialDate = UNKNOWN_DATE,
    certain: bool = True,
    source_url: str | None = None,
) -> TwinningAgreement:
    """Record that an agreement is in force again or longer: until a date, or without one.

    The reminders follow the new date. `certain` is False if no source confirms that it is in force. Requires a reason.
    Refuses a date in the past, and a suspended agreement, which must be resumed.
    """
    with agreement_extension_move(RENEW, agreement, by=by, at=at, reason=reason) as row:
        _set_expiry(row, expires, at)
        _reinstate(row)
        row.certain = certain
        if source_url is not None:
            row.source_url = source_url
    return agreement


def _reinstate(row: TwinningAgreement) -> None:
    """Clear the end of the agreement. If it was not in force, restart the reminders of its expiry."""
    if row.status != TwinningAgreement.Status.RECORDED:
        row.reminded = 0
    set_agreement_facts(row, {"ended_why": "", "ended": UNKNOWN_DATE})


def _set_expiry(row: TwinningAgreement, expires: PartialDate, at: datetime) -> None:
    """Set the expiry date. Refuses a past date, unless the agreement has it already.

    A file may repeat the date of the register, even if it is past.
    """
    if expires != row.expires and expires.last_day is not None and expires.last_day < utc_day(at):
        message = _("This date has passed. Enter a future date, or leave the field blank.")
        raise Refused("already_over", message, field="expires")
    set_agreement_facts(row, {"expires": expires})


@register_action(CONFIRM)
def confirm_agreement(agreement: TwinningAgreement, *, by: Actor, at: datetime) -> TwinningAgreement:
    """Confirm an agreement for each side whose register the actor may edit.

    An agreement that both sides confirmed gives rights over contacts.
    """
    with CONFIRM.apply_to(agreement, by=by, at=at) as row:
        confirm_sides(row, by)
    return agreement


@register_action(ASK_TO_CONFIRM)
def ask_to_confirm(agreement: TwinningAgreement, *, by: Actor, at: datetime) -> TwinningAgreement:
    """Ask the city that has not confirmed an agreement to do so."""
    with ASK_TO_CONFIRM.apply_to(agreement, by=by, at=at):
        pass
    return agreement


def remind_of_expiry(agreement: TwinningAgreement, *, by: Actor, at: datetime) -> TwinningAgreement:
    """Remind the editors of an agreement that it expires: six months and one month before its last day.

    If both reminders are due, only one is sent. Refuses if none is due.
    """
    with REMIND.apply_to(agreement, by=by, at=at) as row:
        due = due_reminder_count(row.expires, at)
        if due <= row.reminded:
            raise not_ready_refusal(_("No expiry reminder is due for this agreement."))
        row.reminded = due
    return agreement


def remind_of_expiries(at: datetime) -> int:
    """Send the reminders that are due. Return their number.

    The due reminders are computed from the current agreements, so no stored plan can become outdated.
    """
    ending_soon = TwinningAgreement.objects.with_reminder_ahead(
        utc_day(at) - rules.MAX_DATE_UNCERTAINTY, utc_day(at) + rules.MAX_REMINDER_LEAD_TIME
    )
    stages: dict[int, list[int]] = {}
    for agreement in ending_soon.only("expires_on", "expires_precision", "reminded"):
        due = due_reminder_count(agreement.expires, at)
        if due > agreement.reminded:
            stages.setdefault(due, []).append(agreement.pk)
    return sum(
        process_due(
            TwinningAgreement.objects.not_ended_or_suspended()
            .filter(pk__in=ids, reminded__lt=due)
            .order_by("pk"),
            lambda agreement: remind_of_expiry(agreement, by=SYSTEM, at=at),
        )
        for due, ids in sorted(stages.items())
    )
