"""Contacts who are asked together about one need, and why some of them cannot be asked. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from partners.contacts.models import Contact
from partners.routing.recommendations import Recommendation
from procurement.outreach.queries.contacts import best_suggestion, contacts_already_asked, suggested_contacts
from procurement.outreach.rules.inquiries import is_asked_by_other_city
from procurement.outreach.rules.people import unexplained_choice_refusal
from procurement.requests.models import SupplyRequest
from workflow.errors import Refused

MAX_BATCH_SIZE = 20  # contacts in one batch


@dataclass(frozen=True)
class InquiryBatch:
    """The chosen contacts of a need, best first, with the best suggestion among those not asked yet.

    They are asked about the lines with the numbers `line_numbers`, or about the whole need if there are none.
    """

    need: SupplyRequest
    chosen_suggestions: list[Recommendation]
    best_contact: Contact | None
    asked_contact_ids: frozenset[int]
    line_numbers: tuple[int, ...] = ()

    @property
    def contacts(self) -> list[Contact]:
        """The chosen contacts, best first."""
        return [one.contact for one in self.chosen_suggestions]

    def better_contact_than(self, contact: Contact) -> Contact | None:
        """Return the contact that would have been asked first instead, or None if the first is chosen too."""
        return None if self.best_contact in self.contacts else self.best_contact

    def needs_reason(self, contact: Contact) -> bool:
        """Return True if asking this contact takes a written reason."""
        explained = unexplained_choice_refusal(contact, self.better_contact_than(contact), "")
        return explained is not None or is_asked_by_other_city(self.need, contact, self.line_numbers)

    def refusal_for(self, contact: Contact) -> Refused:
        """Return the refusal for a contact who is not in the batch.

        A colleague has asked them meanwhile, or they take no inquiries.
        """
        if contact.pk in self.asked_contact_ids:
            words = _("%(contact)s has already been asked about %(need)s.")
            return Refused("asked_already", words % {"contact": contact, "need": self.need}, field="contact")
        words = _("%(contact)s does not accept inquiries.")
        return Refused("not_suggested", words % {"contact": contact}, field="contact")


def inquiry_batch_of(
    need: SupplyRequest,
    contacts: Collection[int],
    at: datetime,
    language: str,
    line_numbers: Sequence[int] = (),
) -> InquiryBatch:
    """Return the batch of those contacts (by id) who are suggested and were not asked yet, at most 20.

    `language` is the officer's language. With `line_numbers`, the contacts are asked about these lines only.
    """
    suggested = suggested_contacts(need, at, language, line_numbers)
    asked = contacts_already_asked(need)
    best = best_suggestion(suggested, asked)
    free = [one for one in suggested if one.contact.pk not in asked and one.contact.pk in contacts]
    first = best.contact if best else None
    return InquiryBatch(need, free[:MAX_BATCH_SIZE], first, asked, tuple(line_numbers))
