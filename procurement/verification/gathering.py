"""What a check needs to know: who could make it, ranked by routing, and the facts that are held against what is seen. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.candidates import Suggestion, place_of, suggest
from partners.models.people import Contact
from partners.routing.values import Place
from procurement.outreach.gathering.people import best_of
from procurement.suppliers.models.judgement import Interest
from procurement.verification.models.checks import Check, VerificationTask
from workflow.errors import Words
from workflow.tongues import Figure

ABOUT_COMPANY = frozenset({Check.BUSINESS_LICENCE, Check.BANK})  # these look at the company alone
# What moves from day to day, and what having been asked brings with it: among people of equal standing the officer is free to choose.
PASSING = frozenset({"open_questions", "answer_hours", "company", "stands_in"})


def suggested(task: VerificationTask, at: datetime, language: str) -> list[Suggestion]:
    """Routing for the place of the company, or its country where the place is not known; without those it concerns themselves.

    Best first; `language` is the officer's.
    """
    supplier = task.supplier
    place = place_of(supplier.place) if supplier.place else Place(country=supplier.country)
    companies = [task.supplier_id, *([task.lead.maker_id] if task.lead.maker_id else [])]
    theirs = Q(supplier__in=companies) | Q(supplier__merged_into__in=companies)
    concerned = set(Interest.objects.standing().filter(theirs).values_list("person", flat=True))
    others = supplier.checks.filter(status__in=VerificationTask.WAITING).values_list("contact_id", flat=True)
    found = suggest(
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


def first_beside(task: VerificationTask, found: Sequence[Suggestion], contact: Contact) -> Contact | None:
    """Whom routing puts before this contact on other grounds than load and speed; the contact themselves where there is nobody.

    Whoever brought the offer is passed over without a word: another pair of eyes is wanted on it.
    """
    mine = next((one for one in found if one.contact.pk == contact.pk), None)
    brought = task.lead.contact.user_id if task.lead.contact else None
    best = best_of((one for one in found if one is mine or one.contact.user_id != brought), ())
    if best is None:
        return None
    return contact if mine is not None and _standing(mine) == _standing(best) else best.contact


def _standing(one: Suggestion) -> frozenset[str]:
    return frozenset(reason.code for reason in one.ranked.reasons) - PASSING


def facts_of(task: VerificationTask) -> list[tuple[Words, str]]:
    """What whoever makes the check holds against what they see: each fact's name and what was said. No price and no account.

    A call-back goes to a number somebody knew before, so the company's own phone is not among them.
    """
    company, lead, paper = task.supplier.current, task.lead, task.certificate
    told: list[tuple[Words, str]] = [
        (_("Legal name"), company.legal_name_local),
        (_("English name"), company.name_en),
        (_("Company number"), company.uscc),
        (_("Address"), company.address),
    ]
    if paper is not None:
        told += [
            (_("Certificate"), str(paper.kind)),
            (_("Number"), paper.number),
            (_("Holder"), paper.holder),
        ]
    if task.check_kind not in ABOUT_COMPANY:
        told += [
            (_("Product"), lead.product.name),
            (_("Model"), lead.model),
            (_("Standard"), str(lead.standard or "")),
        ]
    if task.check_kind == Check.VISIT:
        told += [
            (_("Said to be in stock"), str(Figure(lead.stock_quantity)) if lead.stock_quantity else ""),
            (_("Where the stock is"), lead.stock_place),
            (
                _("Said to be made in a day"),
                str(Figure(lead.capacity_per_day)) if lead.capacity_per_day else "",
            ),
        ]
    return [(name, said) for name, said in told if said]
