"""Entering, changing and judging offers, and keeping their findings. The only writer of leads and findings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from partners.models import City
from procurement.leads import gathering, rules
from procurement.leads.models import Finding, SupplierLead
from procurement.leads.money import convert
from procurement.leads.screening import Found, screen
from procurement.outreach import actions as outreach
from procurement.outreach.models import Inquiry
from procurement.requests import actions as requests
from procurement.requests.models import RequestLine
from procurement.suppliers import actions as suppliers
from workflow import outbox
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused
from workflow.moves import locked
from workflow.tongues import Figure

BLOCKING = Q(severity=Finding.Severity.BLOCK, status__in=(Finding.Status.OPEN, Finding.Status.UPHELD))

LONGEST_SOURCE = 600  # characters: as many as a finding keeps


def draft(city: City, *, author: User, by: Actor, at: datetime, **facts: Any) -> SupplierLead:
    """Enter an offer for a city. Refuses a line of another city, and what no offer can say (`rules.facts.fault`), with its field."""
    lead = SupplierLead(city=city, author=author, **facts)
    _check_facts(lead)
    with transaction.atomic():
        _derive(lead, at)
        _check_least(lead)
        return rules.leads.DRAFT.start(lead, by=by, at=at)


def offer(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Send the offer in: it is screened at once and counts for its line. Refuses one that says nothing of how much there is."""
    with transaction.atomic():
        with rules.leads.OFFER.on(lead, by=by, at=at):
            pass
        look_again(lead, at=at)
        if lead.findings.filter(code="file_elsewhere").exists():
            for other in gathering.elsewhere(lead.supplier):  # their offers are to say so as well
                suppliers.note_change(other, at)
    return lead


def answer(inquiry: Inquiry, *, author: User, by: Actor, at: datetime, **facts: Any) -> SupplierLead:
    """A contact's offer in answer to a question: entered and sent in one go, and the question is answered."""
    with transaction.atomic():
        lead = draft(
            inquiry.city, author=author, inquiry=inquiry, contact=inquiry.contact, by=by, at=at, **facts
        )
        offer(lead, by=by, at=at)
        outreach.answer(inquiry, by=by, at=at)
    return lead


def change(lead: SupplierLead, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> SupplierLead:
    """Change an offer's facts. Where they were checked they are checked anew; a verified lead goes back to checking at once.

    Refuses a change that would leave less than what is allocated: that is `allocations.actions.cut`.
    """
    with transaction.atomic():
        here = locked(lead)
        other = {name for name, value in facts.items() if getattr(here, name) != value}
        checked = other & rules.facts.VERIFIED_FACTS
        move = rules.leads.EDIT
        if here.status == SupplierLead.Status.VERIFIED:
            move = rules.leads.CHANGE if checked else rules.leads.REMARK
        with move.on(lead, by=by, at=at, reason=reason) as row:
            for name, value in facts.items():
                setattr(row, name, value)
            _check_facts(row)
            _derive(row, at)
            if "min_order_quantity" in other:
                _check_least(row)
            if row.status in SupplierLead.CHECKED:
                _to_be_rechecked(row, checked)
        look_again(lead, at=at)
    return lead


def begin_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """The lead is being checked. Called by the verification stage when it opens the checks."""
    with rules.leads.CHECK.on(lead, by=by, at=at):
        pass
    return lead


def verify(lead: SupplierLead, *, verifier: User, by: Actor, at: datetime) -> SupplierLead:
    """Say that the offer holds. Refuses whoever entered it, open checks, open blocking findings and changed facts."""
    with transaction.atomic():
        with rules.leads.VERIFY.on(lead, by=by, at=at) as row:
            row.verified_by = verifier
            row.verified_at = at
        recount(lead)
    return lead


def reopen(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Send a verified lead back to checking."""
    with transaction.atomic():
        with rules.leads.REOPEN.on(lead, by=by, at=at, reason=reason):
            pass
        recount(lead)
    return lead


def reject(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Turn the offer down, with a reason. Refuses while a part of it is allocated."""
    return _end(rules.leads.REJECT, lead, reason, by, at)


def withdraw(lead: SupplierLead, *, reason: str, by: Actor, at: datetime) -> SupplierLead:
    """Take the offer back. Refuses while a part of it is allocated."""
    return _end(rules.leads.WITHDRAW, lead, reason, by, at)


def expire(lead: SupplierLead, *, by: Actor, at: datetime) -> SupplierLead:
    """Its day passed. Never while a part of it is allocated."""
    return _end(rules.leads.EXPIRE, lead, "", by, at)


def share(lead: SupplierLead, *, city: City, by: Actor, at: datetime) -> SupplierLead:
    """Let another city see this offer. Refuses the city it was offered to."""
    with rules.leads.SHARE.on(lead, by=by, at=at, shared_with=city.slug) as row:
        if city.pk == row.city_id:
            raise Refused("own_city", _("The offer is that city's own."), field="city")
        row.shared_with.add(city)
    return lead


def look_again(lead: SupplierLead, *, at: datetime) -> SupplierLead:
    """Screen the lead and bring its findings, its standing against its line and the line's figures up to date."""
    with transaction.atomic():
        row = locked(lead)
        offer_facts = gathering.gather(row, at)
        row.meets = offer_facts.meets
        row.save(update_fields=["meets"])
        find(row, screen(offer_facts), at=at)
        recount(row)
    lead.refresh_from_db()
    return lead


def find(
    lead: SupplierLead, found: Sequence[Found], *, at: datetime, only: frozenset[str] | None = None
) -> None:
    """Write what was noticed: new findings, other figures, and those that no longer hold. Answers stay while their facts stay.

    `only` limits it to a later stage's own codes, so that each stage judges what it knows. A blocking finding on a verified lead
    sends it back to checking.
    """
    row = locked(lead)
    here = {(one.code, one.subject): one for one in Finding.objects.filter(lead=row).order_by("pk")}
    for one in found:
        _note(row, here.pop((one.code, one.subject), None), one, at)
    for gone in here.values():
        within = gone.code in only if only is not None else gone.code in gathering.OWN_CODES
        if within and gone.status != Finding.Status.GONE:
            with rules.findings.CLEAR.on(gone, by=CLOCK, at=at):
                pass
    count_blocking(row, at)


def answer_finding(finding: Finding, *, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    """Explain in writing why a finding is no obstacle. It stays in the record."""
    return _judge(rules.findings.ANSWER, finding, answer, answered_by, by, at)


def uphold(finding: Finding, *, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    """Judge in writing that a finding stands."""
    return _judge(rules.findings.UPHOLD, finding, answer, answered_by, by, at)


def set_checks(lead: SupplierLead, *, still_open: int, accepted: int, by_others: int) -> None:
    """Store how many needed checks are open, how many were accepted, and how many of those somebody else made than who brought the
    offer; counted by the verification stage under the lead's lock.
    """
    SupplierLead.objects.filter(pk=lead.pk).update(
        checks_open=still_open, checks_accepted=accepted, checks_by_others=by_others
    )


def rechecked(lead: SupplierLead) -> None:
    """The checks that rested on changed facts are open again. Called by the verification stage."""
    SupplierLead.objects.filter(pk=lead.pk).update(recheck=False, changed_facts=[])


def company_changed(lead: SupplierLead, facts: Sequence[str]) -> None:
    """What the offer's checks rest on changed with its company (company, certificates, account). Called under the lead's lock."""
    row = locked(lead)
    if row.status in SupplierLead.CHECKED:
        _to_be_rechecked(row, set(facts))
        row.save(update_fields=["recheck", "changed_facts"])


def name_anew(lead: SupplierLead) -> None:
    """Let the offer be found by the names its company has now, whatever became of the offer. Called by the tick; nothing is decided."""
    with transaction.atomic():
        row = locked(lead)
        row.named = rules.facts.names(row)
        row.save(update_fields=["named", "search"])


def promise(lead: SupplierLead, delta: int) -> SupplierLead:
    """Move `allocated` under the lead's lock, for the allocations stage, which has checked that there is enough."""
    row = locked(lead)
    row.allocated += delta
    row.save(update_fields=["allocated"])
    return row


def recount(lead: SupplierLead) -> None:
    """Add up what the leads of a line offer, and store it on the line. Only what meets the standard counts; the rest stands apart."""
    if lead.line is None:
        return
    line = locked(lead.line)
    live = SupplierLead.objects.live().filter(line=line)
    free = Sum(F("supply") - F("allocated"), default=0)
    meets = Q(meets=SupplierLead.Meets.EQUAL)
    verified = Q(status=SupplierLead.Status.VERIFIED)
    sums = live.aggregate(
        offered=Sum(F("supply") - F("allocated"), filter=meets & ~verified, default=0),
        verified_free=Sum(F("supply") - F("allocated"), filter=meets & verified, default=0),
        everything=free,
    )
    short = sums["everything"] - sums["offered"] - sums["verified_free"]
    requests.set_offers(
        line, offered=sums["offered"], offered_short=short, verified_free=sums["verified_free"]
    )


def expire_old(at: datetime) -> int:
    """Let offers expire whose day has passed. Returns how many."""
    old = SupplierLead.objects.out_of_date(at).order_by("pk")
    return work_off(old, lambda lead: expire(lead, by=CLOCK, at=at))


def _end(move: Any, lead: SupplierLead, reason: str, by: Actor, at: datetime) -> SupplierLead:
    with transaction.atomic():
        with move.on(lead, by=by, at=at, reason=reason) as row:
            outbox.cancel(row)
        recount(lead)
    return lead


def _judge(move: Any, finding: Finding, answer: str, answered_by: User, by: Actor, at: datetime) -> Finding:
    with transaction.atomic():
        lead = locked(finding.lead)
        with move.on(finding, by=by, at=at, reason=answer) as row:
            row.answer = answer
            row.answered_by = answered_by
            row.answered_at = at
        count_blocking(lead, at)
    return finding


def _note(lead: SupplierLead, known: Finding | None, found: Found, at: datetime) -> None:
    source = found.source[:LONGEST_SOURCE]
    facts: Mapping[str, Any] = {"severity": found.severity, "figures": found.figures, "source": source}
    if known is None:
        fresh = Finding(lead=lead, city_id=lead.city_id, code=found.code, subject=found.subject, **facts)
        rules.findings.FIND.start(fresh, by=CLOCK, at=at)
        return
    same = all(getattr(known, name) == value for name, value in facts.items())
    if same and known.status != Finding.Status.GONE:
        return
    again = known.status in rules.findings.RAISE_AGAIN.source
    with (rules.findings.RAISE_AGAIN if again else rules.findings.RESTATE).on(known, by=CLOCK, at=at) as row:
        for name, value in facts.items():
            setattr(row, name, value)


def count_blocking(lead: SupplierLead, at: datetime) -> None:
    """Recount the lead's blocking findings under its lock; a verified lead with one goes back to checking."""
    blocking = Finding.objects.filter(BLOCKING, lead=lead).count()
    SupplierLead.objects.filter(pk=lead.pk).update(blocking_findings=blocking)
    if blocking and lead.status == SupplierLead.Status.VERIFIED:
        reopen(lead, reason=str(_("A blocking finding came up.")), by=CLOCK, at=at)


def _to_be_rechecked(row: SupplierLead, facts: set[str]) -> None:
    """Note what changed since it was checked; verification.settle opens anew the checks that rest on it."""
    row.changed_facts = sorted({*row.changed_facts, *facts})
    row.recheck = row.recheck or bool(facts)


def _check_facts(lead: SupplierLead) -> None:
    line: RequestLine | None = lead.line
    if line is not None and line.city_id != lead.city_id:
        raise Refused("another_city", _("The line belongs to another city."), field="line")
    if line is not None and line.product_id != lead.product_id and not line.alternatives_allowed:
        words = _("The line asks for %(asked)s and takes no other goods.")
        raise Refused("another_product", words % {"asked": line.product}, field="product")
    if (fault := rules.facts.fault(lead)) is not None:
        raise fault


def _check_least(lead: SupplierLead) -> None:
    if (no := rules.facts.least_order(lead)) is not None:
        raise no


def _derive(lead: SupplierLead, at: datetime) -> None:
    """Work out what follows from the facts: the supply, the names it is found by, and the price in the city's currency."""
    lead.supply = rules.facts.supply(
        lead.stock_quantity, lead.capacity_per_day, lead.ready_on, lead.available_until
    )
    if lead.supply < lead.allocated:
        words = ngettext_lazy(
            "%(allocated)s piece is allocated already. Cut the allocation first.",
            "%(allocated)s pieces are allocated already. Cut the allocations first.",
            lead.allocated,
        )
        figures = {"allocated": Figure(lead.allocated)}
        raise Refused("not_enough_supply", words % figures, **figures)
    lead.named = rules.facts.names(lead)
    lead.price_here, lead.rate_on = None, None
    if lead.unit_price is not None and lead.currency and lead.city.currency:
        lead.price_here, lead.rate_on = convert(lead.unit_price, lead.currency, lead.city.currency, at.date())
        if lead.price_here > rules.facts.MOST_PRICE:
            raise rules.facts.too_dear()
