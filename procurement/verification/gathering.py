"""Who could make a check: ranked by routing for the place of the company. Reads only."""

from datetime import datetime

from partners.candidates import Suggestion, place_of, suggest
from partners.routing import Place
from procurement.verification.models import VerificationTask


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
