"""Queries for a check: ranked contacts who could make it, and the stated facts to compare. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.routing.contact_paths import RoutingPlace
from partners.routing.recommendations import Recommendation, recommend_for_checks, routing_place
from procurement.catalogue.routing_goods import goods_by_family
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.queries.contacts import best_suggestion
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.rules.needed_checks import NeededCheck
from workflow.errors import LazyText
from workflow.i18n import LocalizedCount

COMPANY_CHECKS = frozenset({CheckKind.BUSINESS_LICENCE, CheckKind.BANK_ACCOUNT})  # checks of the company only
# Reasons that change daily or follow from earlier questions: they do not limit the officer's choice among equals.
TEMPORARY_RANKING_REASONS = frozenset({"open_questions", "answer_hours", "company", "substitute"})


def suggested_checkers(task: VerificationTask, at: datetime, language: str) -> list[Recommendation]:
    """Return the contacts that routing suggests for the check, best first.

    Uses the place of the company, or its country if the place is unknown. Excludes contacts with an interest in
    the company or the manufacturer. `language` is the officer's.
    """
    check = task.check_kind
    return _suggestions(task.lead, task.supplier, task.city, [check], at, language)[check]


def suggestions_by_check_kind(
    lead: SupplierLead, checks: Iterable[str], at: datetime, language: str
) -> dict[str, list[Recommendation]]:
    """Return the suggested contacts for several kinds of checks of an offer, as `suggested_checkers` does.

    The number of queries does not grow with the number of kinds.
    """
    return _suggestions(lead, lead.supplier, lead.city, checks, at, language)


def _suggestions(
    lead: SupplierLead, supplier: Supplier, city: City, checks: Iterable[str], at: datetime, language: str
) -> dict[str, list[Recommendation]]:
    place = routing_place(supplier.place) if supplier.place else RoutingPlace(country=supplier.country)
    companies = [supplier.pk, *([lead.maker_id] if lead.maker_id else [])]
    theirs = Q(supplier__in=companies) | Q(supplier__merged_into__in=companies)
    concerned = set(InterestDeclaration.objects.in_effect().filter(theirs).values_list("person", flat=True))
    others = supplier.checks.filter(status__in=VerificationTask.WAITING_STATUSES).values_list(
        "contact_id", flat=True
    )
    found = recommend_for_checks(
        city,
        place,
        city.day_at(at),
        checks,
        at=at,
        goods=goods_by_family([lead.product]),
        language=language,
        checking=[contact for contact in others if contact],
    )
    return {
        check: [one for one in ranked if one.contact.user_id not in concerned]
        for check, ranked in found.items()
    }


@dataclass(frozen=True)
class UnassignedCheck:
    """A required check that is not assigned yet, with the contacts who could make it.

    `check` is its kind, `reason_code` the code of its reason, and `certificate` the certificate that it is about, if
    any. `top_suggestion` is the contact to preselect: the best suggestion with room for another check. The person who
    made the offer is preselected only if no one else is suggested.
    """

    check: str
    reason_code: str
    certificate: Certificate | None
    suggested_contacts: Sequence[Recommendation]
    top_suggestion: Recommendation | None

    @property
    def key(self) -> str:
        """Name of its form field. It stays the same when the check is opened."""
        return check_key(self.check, self.certificate.pk if self.certificate else None)


def check_key(check: str, certificate: int | None) -> str:
    """Return the name of the form field for a kind of check, and the certificate that it is about."""
    return f"{check}_{certificate or 0}"


def unassigned_check_kinds(lead: SupplierLead) -> list[NeededCheck]:
    """Return the open checks of an offer that no contact was asked to make, oldest first."""
    unassigned = lead.checks.filter(status=VerificationTask.Status.UNASSIGNED).order_by("pk")
    return [NeededCheck(task.check_kind, task.why, task.certificate_id) for task in unassigned]


def suggestions_for_checks(
    lead: SupplierLead, wanted: Sequence[NeededCheck], at: datetime, language: str
) -> list[UnassignedCheck]:
    """Return these checks of an offer in their order, each with the contacts who could make it.

    Counts the checks that each contact already gets in this list, so that none gets more than they accept.
    `language` is the officer's.
    """
    if not wanted:
        return []
    about = {one.certificate_id for one in wanted if one.certificate_id}
    certificates = Certificate.objects.select_related("kind").in_bulk(about) if about else {}
    found = suggestions_by_check_kind(lead, dict.fromkeys(one.check for one in wanted), at, language)
    given: Counter[int] = Counter()
    rows = []
    for one in wanted:
        ranked = found[one.check]
        first = _best_with_room(lead, ranked, given)
        if first is not None:
            given[first.contact.pk] += 1
        certificate = certificates.get(one.certificate_id) if one.certificate_id else None
        rows.append(UnassignedCheck(one.check, one.reason_code, certificate, ranked, first))
    return rows


def _best_with_room(
    lead: SupplierLead, ranked: Sequence[Recommendation], given: Mapping[int, int]
) -> Recommendation | None:
    """Return the best suggestion with room for one more check than it was given on this page.

    Takes the person who made the offer only if no one else is suggested: at least one check must be made by
    another person, and a check by another person proves more.
    """
    open_to = [
        one
        for one in ranked
        if one.contact.open_questions + given.get(one.contact.pk, 0) < one.contact.task_limit
    ]
    brought = {lead.author_id, lead.contact.user_id if lead.contact else None}
    others = [one for one in open_to if one.contact.user_id not in brought]
    return best_suggestion(others, ()) or best_suggestion(open_to, ())


def better_ranked_contact(
    task: VerificationTask, found: Sequence[Recommendation], contact: Contact
) -> Contact | None:
    """Return the contact that routing ranks above this one for lasting reasons: not for load or response time.

    Returns the contact itself if none is ranked above it, and None if `found`, the suggested contacts, is
    empty. The contact who made the offer is skipped, because another person should check it.
    """
    mine = next((one for one in found if one.contact.pk == contact.pk), None)
    brought = task.lead.contact.user_id if task.lead.contact else None
    best = best_suggestion((one for one in found if one is mine or one.contact.user_id != brought), ())
    if best is None:
        return None
    return contact if mine is not None and _lasting_reasons(mine) == _lasting_reasons(best) else best.contact


def _lasting_reasons(one: Recommendation) -> frozenset[str]:
    return frozenset(reason.code for reason in one.ranked_contact.reasons) - TEMPORARY_RANKING_REASONS


def facts_to_check(task: VerificationTask) -> list[tuple[LazyText, str]]:
    """Return the stated facts that the contact compares with what they see, as names and values.

    Never includes a price or an account. The company's phone number is left out, because a call-back must use
    a number known from elsewhere.
    """
    company, lead, certificate = task.supplier.current_row, task.lead, task.certificate
    values: list[tuple[LazyText, str]] = [
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
    if task.check_kind not in COMPANY_CHECKS:
        values += [
            (_("Product"), lead.product.name),
            (_("Model"), lead.model),
            (_("Standard"), str(lead.standard or "")),
        ]
    if task.check_kind == CheckKind.VISIT:
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
