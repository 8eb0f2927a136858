"""What looks wrong in an offer: noticed, answered, upheld, gone. The only writer of findings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext_noop

from accounts.models import User
from procurement.leads import gathering
from procurement.leads.actions.counters import recount, to_be_rechecked
from procurement.leads.actions.deciding import reopen
from procurement.leads.gathering.landed import Rates, stored
from procurement.leads.gathering.lists import companies_of
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import findings
from procurement.leads.screening import screen
from procurement.leads.screening.values import Found
from procurement.lists.actions import screening
from procurement.lists.actions.screening import screen_chain
from procurement.lists.gathering import turn
from workflow.actors import CLOCK, Actor
from workflow.journal import entries
from workflow.journal.entries import Snapshot
from workflow.moves import lock, locked

BLOCKING = Q(severity=Finding.Severity.BLOCK, status__in=(Finding.Status.OPEN, Finding.Status.UPHELD))

LONGEST_SOURCE = 600  # characters: as many as a finding keeps


def look_again(lead: SupplierLead, *, at: datetime) -> SupplierLead:
    """Screen the lead and bring its findings, its standing against its line and the line's figures up to date."""
    with transaction.atomic():
        lock(lead)
        row = SupplierLead.objects.with_named().get(pk=lead.pk)  # what it names comes along: no lock joins
        before = entries.snapshot(row)
        _compare_names(row, at)
        rates = Rates(row.city)
        row.landed = stored(row, at, rates)
        offer_facts = gathering.gather(row, at, rates)
        row.meets, row.judged_on = offer_facts.meets, row.city.day_at(at)
        _write(row, screen(offer_facts), at, gathering.OWN_CODES)
        _save(row, before, at)
        recount(row)
    _tell(lead, row)
    return lead


def _compare_names(lead: SupplierLead, at: datetime) -> None:
    """Compare every name the offer brings with the lists, in its own transaction: it is never open for an order in between."""
    last = turn()
    for company in companies_of(lead):
        screening.screen(company, at=at, last=last)
    offers = SupplierLead.objects.live().filter(supplier__in=lead.supplier.rows, city=lead.city_id)
    chains = offers.values_list("referred_by", flat=True)
    through = {name for chain in chains for name in chain} | set(lead.referred_by)
    screen_chain(lead.supplier.current, through, city_id=lead.city_id, at=at, last=last)


def find(
    lead: SupplierLead, found: Sequence[Found], *, at: datetime, only: frozenset[str] | None = None
) -> None:
    """Write what was noticed: new findings, other figures, and those that no longer hold. Answers stay while their facts stay.

    `only` limits it to a later stage's own codes, so that each stage judges what it knows. A blocking finding on a verified lead
    sends it back to checking, and a price that stands out only now asks for the checks that go with it.
    """
    row = locked(lead)
    before = entries.snapshot(row)
    _write(row, found, at, gathering.OWN_CODES if only is None else only)
    _save(row, before, at)


def _write(row: SupplierLead, found: Sequence[Found], at: datetime, codes: frozenset[str]) -> None:
    """Bring the findings of a locked lead up to date, and count on it those that block. What is gone goes among these codes."""
    here = list(Finding.objects.filter(lead=row).order_by("pk"))
    left = {(one.code, one.subject): one for one in here}
    fresh: list[Finding] = []
    news: set[str] = set()
    for one in found:
        known = left.pop((one.code, one.subject), None)
        if known is None:
            fresh.append(_new(row, one))
            here.append(fresh[-1])
            news.add(one.code)
        elif _says_other(known, one):
            _begin(fresh, at)  # the history tells them in the order of what was found
            if _say_anew(known, one, at):
                news.add(one.code)
    _begin(fresh, at)
    if row.status in SupplierLead.CHECKED and news & findings.OF_PRICE:
        to_be_rechecked(row, ["needed"])
    for gone in left.values():
        if gone.code in codes and gone.status != Finding.Status.GONE:
            with findings.CLEAR.on(gone, by=CLOCK, at=at):
                pass
    row.blocking_findings = sum(one.blocks for one in here)


def _save(row: SupplierLead, before: Snapshot, at: datetime) -> None:
    """Save what has changed of a locked lead; a verified one that a finding blocks goes back to checking."""
    if changed := entries.changed(before, row):
        row.save(update_fields=changed)
    if row.blocking_findings and row.status == SupplierLead.Status.VERIFIED:
        reopen(row, reason=gettext_noop("A blocking finding came up."), by=CLOCK, at=at)


def _tell(lead: SupplierLead, row: SupplierLead) -> None:
    """Let the caller's own offer show what was saved, as if it were read again; what it names is read when it is asked for."""
    for field in row._meta.concrete_fields:
        setattr(lead, field.attname, getattr(row, field.attname))
        if isinstance(field, ForeignKey) and field.is_cached(lead):
            field.delete_cached_value(lead)
    getattr(lead, "_prefetched_objects_cache", {}).clear()


def answer_finding(finding: Finding, *, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    """Explain in writing why a finding is no obstacle. It stays in the record."""
    return _judge(findings.ANSWER, finding, answer, answered_by, by, at)


def uphold(finding: Finding, *, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    """Judge in writing that a finding stands."""
    return _judge(findings.UPHOLD, finding, answer, answered_by, by, at)


def count_blocking(lead: SupplierLead, at: datetime) -> None:
    """Recount the lead's blocking findings under its lock; a verified lead with one goes back to checking."""
    before = entries.snapshot(lead)
    lead.blocking_findings = Finding.objects.filter(BLOCKING, lead=lead).count()
    _save(lead, before, at)


def _judge(move: Any, finding: Finding, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    with transaction.atomic():
        lead = locked(finding.lead)
        with move.on(finding, by=by, at=at, reason=answer) as row:
            row.answer = answer
            row.answered_by = answered_by
            row.answered_at = at
        count_blocking(lead, at)
    return finding


def _facts(found: Found) -> dict[str, Any]:
    """What a finding says of what was found."""
    return {
        "severity": found.severity,
        "figures": found.figures,
        "source": found.source[:LONGEST_SOURCE],
        "unsure": found.unsure,
    }


def _new(lead: SupplierLead, found: Found) -> Finding:
    return Finding(lead=lead, city_id=lead.city_id, code=found.code, subject=found.subject, **_facts(found))


def _begin(fresh: list[Finding], at: datetime) -> None:
    """Write the new findings that are at hand, all at once."""
    findings.FIND.start_many(fresh, by=CLOCK, at=at)
    fresh.clear()


def _says_other(known: Finding, found: Found) -> bool:
    """Whether a finding that is on record is gone, or says something else of its fact."""
    same = all(getattr(known, name) == value for name, value in _facts(found).items())
    return known.status == Finding.Status.GONE or not same


def _say_anew(known: Finding, found: Found, at: datetime) -> bool:
    """Say it as it is now; whether it is raised anew."""
    again = known.status in findings.RAISE_AGAIN.source
    with (findings.RAISE_AGAIN if again else findings.RESTATE).on(known, by=CLOCK, at=at) as row:
        for name, value in _facts(found).items():
            setattr(row, name, value)
    return again
