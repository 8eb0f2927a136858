"""Queries for a check: ranked contacts who could make it, and the stated facts to compare. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from partners.routing.paths import RoutingPlace
from partners.routing.recommendations import Recommendation, recommend_contacts, routing_place
from procurement.outreach.queries.contacts import best_suggestion
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.verification.models import Check, VerificationTask
from workflow.errors import Words
from workflow.i18n import LocalizedCount

ABOUT_COMPANY = frozenset({Check.BUSINESS_LICENCE, Check.BANK})  # checks of the company only
# Reasons that change daily or follow from earlier questions: they do not limit the officer's choice among equals.
PASSING = frozenset({"open_questions", "answer_hours", "company", "substitute"})


def suggested_checkers(task: VerificationTask, at: datetime, language: str) -> list[Recommendation]:
    """Return the contacts that routing suggests for the check, best first.

    Uses the place of the company, or its country if the place is unknown. Excludes contacts with an interest in
    the company or the manufacturer. `language` is the officer's.
    """
    supplier = task.supplier
    place = routing_place(supplier.place) if supplier.place else RoutingPlace(country=supplier.country)
    companies = [task.supplier_id, *([task.lead.maker_id] if task.lead.maker_id else [])]
    theirs = Q(supplier__in=companies) | Q(supplier__merged_into__in=companies)
    concerned = set(InterestDeclaration.objects.in_effect().filter(theirs).values_list("person", flat=True))
    others = supplier.checks.filter(status__in=VerificationTask.WAITING).values_list("contact_id", flat=True)
    found = recommend_contacts(
        task.city,
        place,
        task.city.day_at(at),
        at=at,
        family=task.lead.product.family,
        check=task.check_kind,
        language=language,
        checking=[contact for contact in others if contact],
    )
    return [one for one in found if one.contact.user_id not in concerned]


def first_by_other_grounds(
    task: VerificationTask, found: Sequence[Recommendation], contact: Contact
) -> Contact | None:
    """Return the contact that routing ranks above this one for lasting reasons.

    Returns the contact itself if there is none above it, and None if there is no contact to rank. Load and
    response time do not count. The contact who brought the offer is skipped, because another person should
    check it.
    """
    mine = next((one for one in found if one.contact.pk == contact.pk), None)
    brought = task.lead.contact.user_id if task.lead.contact else None
    best = best_suggestion((one for one in found if one is mine or one.contact.user_id != brought), ())
    if best is None:
        return None
    return contact if mine is not None and _standing(mine) == _standing(best) else best.contact


def _standing(one: Recommendation) -> frozenset[str]:
    return frozenset(reason.code for reason in one.ranked.reasons) - PASSING


def facts_to_check(task: VerificationTask) -> list[tuple[Words, str]]:
    """Return the stated facts that the contact compares with what they see, as names and values.

    Never includes a price or an account. The company's phone number is left out, because a call-back must use
    a number known from elsewhere.
    """
    company, lead, certificate = task.supplier.current, task.lead, task.certificate
    values: list[tuple[Words, str]] = [
        (_("Legal name"), company.legal_name_local),
        (_("English name"), company.name_en),
        (_("Registration number"), company.uscc),
        (_("Address"), company.address),
    ]
    if certificate is not None:
        values += [
            (_("Certificate"), str(certificate.kind)),
            (_("Number"), certificate.number),
            (_("Holder"), certificate.holder),
        ]
    if task.check_kind not in ABOUT_COMPANY:
        values += [
            (_("Product"), lead.product.name),
            (_("Model"), lead.model),
            (_("Standard"), str(lead.standard or "")),
        ]
    if task.check_kind == Check.VISIT:
        values += [
            (
                _("Stated stock"),
                str(LocalizedCount(lead.stock_quantity)) if lead.stock_quantity else "",
            ),
            (_("Stock location"), lead.stock_place),
            (
                _("Stated daily production"),
                str(LocalizedCount(lead.capacity_per_day)) if lead.capacity_per_day else "",
            ),
        ]
    return [(name, said) for name, said in values if said]
