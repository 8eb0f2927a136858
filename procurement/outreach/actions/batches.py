"""Action that asks several contacts about one need, each with an inquiry of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import ActingUser
from partners.contacts.models import Contact
from partners.routing.recommendations import Recommendation
from procurement.outreach.actions.inquiries import draft_inquiry, send_or_ask_partner
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.batches import InquiryBatch
from procurement.outreach.queries.contacts import intermediary_city
from procurement.outreach.queries.letters import translated_reasons
from workflow.actors import Actor
from workflow.errors import Refused


class InquiryBatchResult(NamedTuple):
    """Result for one contact: the inquiry, or the refusal."""

    contact: Contact
    inquiry: Inquiry | None
    refusal: Refused | None


def send_batch_of_inquiries(
    batch: InquiryBatch,
    words: Mapping[int, Mapping[str, str]],
    *,
    chosen_because: str = "",
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> list[InquiryBatchResult]:
    """Send an inquiry to each contact of a batch. If one is refused, the others are still sent.

    `words` are the text arguments of `draft_inquiry` by contact id. If a contact goes through a partner city, that
    city is asked first, unless its earlier consent is in force. `chosen_because` is stored only where a reason is needed.
    """
    results = {}
    # All who lock several contacts lock them in one order.
    for one in sorted(batch.chosen_suggestions, key=lambda one: one.contact.pk):
        contact = one.contact
        because = chosen_because if batch.needs_reason(contact) else ""
        try:
            with transaction.atomic():
                inquiry = _send_one(batch, one, words[contact.pk], because, author=author, by=by, at=at)
            results[contact.pk] = InquiryBatchResult(contact, inquiry, None)
        except Refused as refused:
            results[contact.pk] = InquiryBatchResult(contact, None, refused)
    return [results[contact.pk] for contact in batch.contacts]


def _send_one(
    batch: InquiryBatch,
    chosen: Recommendation,
    words: Mapping[str, str],
    because: str,
    *,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Inquiry:
    inquiry = draft_inquiry(
        batch.need,
        chosen.contact,
        **words,
        reasons=translated_reasons(chosen.ranked_contact.reasons),
        line_numbers=batch.line_numbers,
        through_city=intermediary_city(chosen),
        best=batch.better_contact_than(chosen.contact),
        chosen_because=because,
        author=author,
        by=by,
        at=at,
    )
    return send_or_ask_partner(inquiry, by=by, at=at)
