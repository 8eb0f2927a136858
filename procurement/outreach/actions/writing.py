"""The words of a question and whom it is put to, before it goes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.candidates import ended_ties
from partners.models.cities import City
from partners.models.people import Contact
from procurement.outreach.models import Inquiry
from procurement.outreach.rules import inquiries, people
from procurement.outreach.rules.people import needs_a_reason, still_asks
from procurement.outreach.rules.repetition import no_repetition
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked


def propose(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    subject: str,
    body: str,
    subject_own: str = "",
    body_own: str = "",
    reasons: Sequence[dict[str, Any]] = (),
    through_city: City | None = None,
    best: Contact | None = None,
    chosen_because: str = "",
    author: User,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Write the question to a contact, for the officer to see before it goes. `best` is whom routing puts first.

    Refuses to ask the same person twice for one need, to go through an agreement that has ended, an address that returns mail, and,
    without a written reason, somebody else than the best or somebody with no room for another question.
    """
    inquiry = Inquiry(
        supply_request=supply_request,
        city=supply_request.city,
        contact=contact,
        through_city=through_city,
        reasons=list(reasons),
        chosen_because=chosen_because,
        language=contact.user.language,
        subject=subject,
        body=body,
        subject_own=subject_own,
        body_own=body_own,
        language_own=author.language,
        author=author,
        worded_at=at,
    )
    refused = inquiries.PROPOSE.refusal(by, inquiry, at)
    if refused is not None:  # first: whoever may not ask is told nothing of who was asked
        raise refused
    with transaction.atomic():
        locked(contact)  # then the person, as where a question goes: else two could wait for each other
        one_at_a_time(contact)
        _check_contact(inquiry, best, at)
        return inquiries.PROPOSE.start(inquiry, by=by, at=at, suggested_first=best.pk if best else None)


def one_at_a_time(contact: Contact) -> None:
    """Let two officers who write to one person at the same minute come one after the other, at whichever of their offices."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.user_id)


def _check_contact(inquiry: Inquiry, best: Contact | None, at: datetime) -> None:
    """Refuse somebody who was asked before, cannot be reached, is passed over for without a word, or stands behind an ended tie."""
    contact, need = inquiry.contact, inquiry.supply_request
    if need.inquiries.filter(contact__user=contact.user_id).exists():  # at whichever of their offices
        words = _("%(contact)s has been asked about %(need)s already.")
        raise Refused("asked_already", words % {"contact": contact, "need": need}, field="contact")
    refused = still_asks(inquiry.city_id, contact) or people.reachable(contact)
    refused = refused or needs_a_reason(contact, best, inquiry.chosen_because)
    refused = refused or no_repetition(inquiry)
    if refused is not None:
        raise refused
    check_ties(inquiry, at)


def check_ties(inquiry: Inquiry, at: datetime) -> None:
    """Refuse to write through an agreement that has ended."""
    former = ended_ties(at)
    if any(there in former.get(here, ()) for here, there in inquiry.ties):
        words = _("The agreement with %(city)s has ended, so nobody is asked through it.")
        city = inquiry.through_city or inquiry.contact.city
        raise Refused("tie_ended", words % {"city": city}, field="contact")


def revise(inquiry: Inquiry, *, by: Actor, at: datetime, **facts: Any) -> Inquiry:
    """Change the words (subject, body, and both in one's own language) before they go, or why this person is asked.

    Refuses to change the one message and say nothing of the other, which is sent below it: it would tell something else.
    """
    with inquiries.REVISE.on(inquiry, by=by, at=at) as row:
        if row.body_own and facts.get("body", row.body) != row.body and "body_own" not in facts:
            words = _("Give the message in your own language as well, or empty: both are sent together.")
            raise Refused("other_message", words, field="body_own")
        if any(facts.get(name, getattr(row, name)) != getattr(row, name) for name in ("body", "body_own")):
            row.worded_at = at
        for name in facts.keys() & {"subject", "body", "subject_own", "body_own", "chosen_because"}:
            setattr(row, name, facts[name])
    return inquiry
