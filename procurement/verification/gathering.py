"""Who could make a check: ranked by routing for the place of the company. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from partners.candidates import Suggestion, place_of, suggest
from partners.models import Contact
from partners.routing import Place
from procurement.outreach.gathering.people import best_of
from procurement.verification.models import VerificationTask

# What moves from day to day, and what having been asked brings with it: among people of equal standing the officer is free to choose.
PASSING = frozenset({"open_questions", "answer_hours", "company", "stands_in"})


def suggested(task: VerificationTask, at: datetime, language: str) -> list[Suggestion]:
    """Routing for the place of the company, or its country where the place is not known; without those it concerns themselves.

    Best first; `language` is the officer's.
    """
    supplier = task.supplier
    place = place_of(supplier.place) if supplier.place else Place(country=supplier.country)
    concerned = set(supplier.interests.standing().values_list("person", flat=True))
    others = supplier.checks.filter(status__in=VerificationTask.WAITING).values_list("contact_id", flat=True)
    found = suggest(
        task.city,
        place,
        at.date(),
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
    brought = task.lead.contact_id
    best = best_of((one for one in found if one is mine or one.contact.pk != brought), ())
    if best is None:
        return None
    return contact if mine is not None and _standing(mine) == _standing(best) else best.contact


def _standing(one: Suggestion) -> frozenset[str]:
    return frozenset(reason.code for reason in one.ranked.reasons) - PASSING
