"""Opening checks: those an offer needs, by rule, and further ones."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Use
from procurement.leads.actions.deciding import begin_checks
from procurement.leads.gathering.papers import papers_about
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.findings import OF_PRICE, TOO_CHEAP
from procurement.leads.screening.offers import MOST_PREPAID
from procurement.suppliers.models.judgement import Standing
from procurement.verification.actions.counting import recount
from procurement.verification.models.checks import VerificationTask
from procurement.verification.rules import tasks
from procurement.verification.rules.needed import Case, Needed, needed_checks
from workflow.actors import Actor
from workflow.errors import Refused


def open_checks(lead: SupplierLead, *, by: Actor, at: datetime) -> list[VerificationTask]:
    """Open the checks this offer needs, by rule. The lead is being checked from now on. Returns the new checks."""
    with transaction.atomic():
        begin_checks(lead, by=by, at=at)
        return propose_needed(lead, by=by, at=at)


def propose(
    lead: SupplierLead, check: str, *, why: str = "", needed: bool = True, by: Actor, at: datetime
) -> VerificationTask:
    """Open one more check on an offer. Refuses one that is open already."""
    others = lead.checks.filter(check_kind=check).exclude(status__in=tasks.MOVES.ends)
    with transaction.atomic():
        task = _propose(lead, Needed(check, why), by=by, at=at, counts=needed)
        if others.exclude(pk=task.pk).exists():  # last: whoever may not is told nothing of what is open
            raise Refused("check_open", _("This check is open already."), field="check")
    return task


def propose_needed(lead: SupplierLead, *, by: Actor, at: datetime) -> list[VerificationTask]:
    """Open each check the offer needs and has none of: not even one that was called off, which somebody had a reason for."""
    known = set(lead.checks.filter(needed=True).values_list("check_kind", "certificate"))
    wanted = needed_checks(case_of(lead, lead.city.day_at(at)))
    new = [needed for needed in wanted if (needed.check, needed.certificate) not in known]
    return [_propose(lead, needed, by=by, at=at) for needed in new]


def case_of(lead: SupplierLead, on: date) -> Case:
    """What decides which checks an offer needs, as of a day. The goods leave from where they are made, whoever sells them."""
    noticed = lead.findings.exclude(status=Finding.Status.GONE)
    price = set(noticed.filter(code__in=OF_PRICE).values_list("code", flat=True))
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    company = lead.supplier.current
    papers = papers_about(company, lead.product, lead.city_id)
    return Case(
        quantity=lead.supply,
        certificates=tuple(paper.pk for paper in papers),
        role=company.role,
        origin=(lead.maker.current if lead.maker else company).country,
        medical=use == Use.MEDICAL,
        family=lead.product.family,
        kind=lead.kind,
        price_stands_out=bool(price),
        too_cheap=not TOO_CHEAP.isdisjoint(price),
        much_money=_much_money(lead),
        standing=_standing(lead, on),
    )


def _much_money(lead: SupplierLead) -> bool:
    """Whether what could be ordered is above the city's limit, or more than usual is asked in advance.

    A price in a currency the city does not have is not known to be below the limit.
    """
    if (lead.prepayment_percent or 0) > MOST_PREPAID:
        return True
    if lead.unit_price is None:
        return False
    pieces = min(lead.supply, lead.line.quantity) if lead.line else lead.supply
    limit = lead.city.approval_limit
    return limit is None or lead.price_here is None or pieces * lead.price_here > limit


def _standing(lead: SupplierLead, on: date) -> str:
    """What the asking city thinks of the company on a day, "" where it has said nothing."""
    said = Standing.objects.of(lead.supplier, lead.city, on)
    return said.status if said is not None else ""


def _propose(
    lead: SupplierLead, needed: Needed, *, by: Actor, at: datetime, counts: bool = True
) -> VerificationTask:
    task = VerificationTask(
        city=lead.city,
        lead=lead,
        supplier=lead.supplier,
        certificate_id=needed.certificate,
        check_kind=needed.check,
        why=needed.why,
        needed=counts,
    )
    with transaction.atomic():
        tasks.PROPOSE.start(task, by=by, at=at)
        recount(lead)
    return task
