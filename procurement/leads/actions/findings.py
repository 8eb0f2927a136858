"""Actions on findings: raise, answer, uphold, resolve. No other module writes findings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext_noop

from accounts.models import ActingUser, User
from procurement.leads.actions.counters import mark_for_recheck, recalculate_offered_totals
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.company_facts import seller_and_manufacturer
from procurement.leads.queries.landed_cost import LazyRates, stored_landed_cost
from procurement.leads.queries.screening_data import screening_data
from procurement.leads.rules import finding_transitions
from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.prices import UNUSUAL_PRICE_CODES
from procurement.leads.screening.screen_offer import OFFER_RULE_CODES, screen_offer
from procurement.sanctions.actions.matches import screen_intermediaries, screen_supplier
from procurement.sanctions.queries import watchlist_revision
from workflow.actors import SYSTEM, Actor
from workflow.journal import entries
from workflow.journal.entries import Snapshot, changed_fields
from workflow.moves import lock_row, register_action, select_locked
from workflow.reminders import send_reminders_of

BLOCKING_FINDING_FILTER = Q(
    severity=Finding.Severity.BLOCK, status__in=(Finding.Status.OPEN, Finding.Status.UPHELD)
)

MAX_SOURCE_LENGTH = 600  # characters: as many as a finding keeps


def rescreen_lead(lead: SupplierLead, *, at: datetime) -> SupplierLead:
    """Screen the offer and update its findings, its match with the need line and the totals of that line."""
    with transaction.atomic():
        lock_row(lead)
        row = SupplierLead.objects.with_related_rows().get(pk=lead.pk)  # the lock query reads no related rows
        before = entries.snapshot(row)
        _compare_names(row, at)
        rates = LazyRates(row.city)
        row.landed = stored_landed_cost(row, at, rates)
        offer_facts = screening_data(row, at, rates)
        row.meets, row.screened_on = offer_facts.standard_match, row.city.day_at(at)
        _write_findings(row, screen_offer(offer_facts), at, OFFER_RULE_CODES)
        _save_offer(row, before, at)
        recalculate_offered_totals(row)
    _copy_saved_fields(lead, row)
    return lead


def _compare_names(lead: SupplierLead, at: datetime) -> None:
    """Compare every name in the offer with the watchlists, before the offer's findings are written.

    The caller's transaction holds the offer's lock, so the offer cannot be ordered in between.
    """
    last = watchlist_revision()
    for company in seller_and_manufacturer(lead):
        screen_supplier(company, at=at, last=last)
    offers = SupplierLead.objects.live().filter(supplier__in=lead.supplier.row_ids, city=lead.city_id)
    chains = offers.values_list("referred_by", flat=True)
    through = {name for chain in chains for name in chain} | set(lead.referred_by)
    screen_intermediaries(lead.supplier.current_row, through, city_id=lead.city_id, at=at, last=last)


def record_findings(
    lead: SupplierLead, found: Sequence[FindingData], *, at: datetime, only: frozenset[str] | None = None
) -> None:
    """Store the results of screening: add findings, update changed ones, resolve those that no longer hold.

    A person's answer to a finding is kept as long as the facts of the finding are the same. `only` limits the codes
    that may be cleared to those of the calling package, so that each package clears its own findings alone. A
    blocking finding sends a verified offer back to checking. A new finding about the price asks for the checks that
    go with it.
    """
    row = select_locked(lead)
    before = entries.snapshot(row)
    _write_findings(row, found, at, OFFER_RULE_CODES if only is None else only)
    _save_offer(row, before, at)


def _write_findings(
    row: SupplierLead, found: Sequence[FindingData], at: datetime, codes: frozenset[str]
) -> None:
    """Update the findings of a locked offer and count the blocking ones.

    `codes`: the codes that may be cleared.
    """
    here = list(Finding.objects.filter(lead=row).order_by("pk"))
    left = {(one.code, one.subject): one for one in here}
    fresh: list[Finding] = []
    news: set[str] = set()
    for one in found:
        known = left.pop((one.code, one.subject), None)
        if known is None:
            fresh.append(_new_finding(row, one))
            here.append(fresh[-1])
            news.add(one.code)
        elif _differs(known, one):
            _save_new(fresh, at)  # the history keeps the order in which they were found
            if _update_finding(known, one, at):
                news.add(one.code)
    _save_new(fresh, at)
    if row.status in SupplierLead.CHECKED_STATUSES and news & UNUSUAL_PRICE_CODES:
        mark_for_recheck(row, ["needed"])
    for gone in left.values():
        if gone.code in codes and gone.status != Finding.Status.RESOLVED:
            with finding_transitions.RESOLVE.apply_to(gone, by=SYSTEM, at=at):
                pass
    row.blocking_findings = sum(one.blocks for one in here)


def _save_offer(row: SupplierLead, before: Snapshot, at: datetime) -> None:
    """Save the changed fields of a locked offer. A verified offer with a blocking finding is reopened."""
    if changed := changed_fields(before, row):
        row.save(update_fields=changed)
    if row.blocking_findings and row.status == SupplierLead.Status.VERIFIED:
        reopen_lead(row, reason=gettext_noop("A blocking finding was raised."), by=SYSTEM, at=at)


def _copy_saved_fields(lead: SupplierLead, row: SupplierLead) -> None:
    """Copy the saved fields to the caller's object. Drop cached relations, so that they are read again."""
    for field in row._meta.concrete_fields:
        setattr(lead, field.attname, getattr(row, field.attname))
        if isinstance(field, ForeignKey) and field.is_cached(lead):
            field.delete_cached_value(lead)
    getattr(lead, "_prefetched_objects_cache", {}).clear()


@register_action(finding_transitions.ANSWER)
def answer_finding(
    finding: Finding, *, answer: str, answered_by: ActingUser, by: Actor, at: datetime
) -> Finding:
    """Explain in writing why the finding is no obstacle. The finding stays on record."""
    return _record_answer(finding_transitions.ANSWER, finding, answer, answered_by, by, at)


@register_action(finding_transitions.UPHOLD)
def uphold_finding(
    finding: Finding, *, answer: str, answered_by: ActingUser, by: Actor, at: datetime
) -> Finding:
    """Confirm in writing that the finding is right."""
    return _record_answer(finding_transitions.UPHOLD, finding, answer, answered_by, by, at)


def update_blocking_findings(lead: SupplierLead, at: datetime) -> None:
    """Recount the blocking findings of a locked offer. A verified offer with one is reopened."""
    before = entries.snapshot(lead)
    lead.blocking_findings = Finding.objects.filter(BLOCKING_FINDING_FILTER, lead=lead).count()
    _save_offer(lead, before, at)


def _record_answer(
    move: Any, finding: Finding, answer: str, answered_by: User, by: Actor, at: datetime
) -> Finding:
    with transaction.atomic():
        lead = select_locked(finding.lead)
        with move.apply_to(finding, by=by, at=at, reason=answer) as row:
            row.answer = answer
            row.answered_by = answered_by
            row.answered_at = at
        update_blocking_findings(lead, at)
    return finding


def _screened_facts(found: FindingData) -> dict[str, Any]:
    """Return the fields of a finding that come from screening."""
    return {
        "severity": found.severity,
        "figures": found.figures,
        "source": found.source[:MAX_SOURCE_LENGTH],
        "unsure": found.downgrade_reason,
    }


def _new_finding(lead: SupplierLead, found: FindingData) -> Finding:
    return Finding(
        lead=lead, city_id=lead.city_id, code=found.code, subject=found.subject, **_screened_facts(found)
    )


def _save_new(fresh: list[Finding], at: datetime) -> None:
    """Save the collected new findings in one batch."""
    finding_transitions.RAISE_FINDING.create_many(fresh, by=SYSTEM, at=at)
    fresh.clear()


def _differs(known: Finding, found: FindingData) -> bool:
    """Return True if the stored finding was resolved or differs from the new screening result."""
    same = all(getattr(known, name) == value for name, value in _screened_facts(found).items())
    return known.status == Finding.Status.RESOLVED or not same


def _update_finding(known: Finding, found: FindingData, at: datetime) -> bool:
    """Update the finding to the new screening result. Return True if it was raised again."""
    again = known.status in finding_transitions.RAISE_AGAIN.source
    with (finding_transitions.RAISE_AGAIN if again else finding_transitions.UPDATE_FINDING).apply_to(
        known, by=SYSTEM, at=at
    ) as row:
        for name, value in _screened_facts(found).items():
            setattr(row, name, value)
        if again:
            row.raised_again_at, row.reminders = at, 0
    return again


def send_finding_reminders(at: datetime) -> int:
    """Remind people of findings that block an offer and have no answer. Return the number of findings."""
    return send_reminders_of(Finding.objects.waiting(), finding_transitions.REMIND, at)
