"""Actions on what a contact replied: an answer, a refusal, and a reply by phone that an officer notes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.outreach.actions.inquiries import stop_waiting_for_answer
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules import inquiries
from procurement.outreach.rules.dates import invalid_call_time_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action


def record_answer(inquiry: Inquiry, offers: int = 1, *, by: Actor, at: datetime) -> Inquiry:
    """Record that the contact answered, and how many offers the answer contains.

    The package `leads` stores the offers themselves. Late and repeated answers are accepted.
    """
    with inquiries.RECORD_ANSWER.apply_to(inquiry, by=by, at=at) as row:
        stop_waiting_for_answer(row, at)
        row.answered_at = row.answered_at or at
        row.leads += offers
    return inquiry


@register_action(inquiries.REAFFIRM_OFFERS)
def reaffirm_offers(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Record that the contact's offers are still valid after the need changed.

    Refuses if the need has not changed since the answer or the last confirmation.
    """
    with inquiries.REAFFIRM_OFFERS.apply_to(inquiry, by=by, at=at) as row:
        row.reaffirmed_at = at
    return inquiry


@register_action(inquiries.DECLINE_INQUIRY)
def decline_inquiry(inquiry: Inquiry, *, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Record that the person asked cannot help.

    Refuses an empty remark if another person records this for them.
    """
    with inquiries.DECLINE_INQUIRY.apply_to(inquiry, by=by, at=at, reason=remark) as row:
        if not remark.strip() and not by.may(Power.ANSWER_INQUIRY, row):
            raise Refused("remark_missing", _("Enter the answer given."), field="remark")
        stop_waiting_for_answer(row, at)
        row.answered_at = at
        row.remark = remark
    return inquiry


@register_action(inquiries.TRANSLATE_REMARK)
def translate_remark(inquiry: Inquiry, *, translation: str, by: Actor, at: datetime) -> Inquiry:
    """Add a translation of a contact's remark, for readers of the asking city.

    The journal entry keeps the translation with its author; the latest one is shown. Refuses an empty text.
    """
    text = translation.strip()
    with inquiries.TRANSLATE_REMARK.apply_to(inquiry, by=by, at=at, translation=text):
        if not text:
            raise Refused("translation_missing", _("Enter the translation."), field="translation")
    return inquiry


@register_action(inquiries.RECORD_PHONE_REPLY)
def record_phone_reply(
    inquiry: Inquiry,
    *,
    stated_by: str,
    stated_at: datetime | None = None,
    remark: str,
    offered: Mapping[str, str | int] | None = None,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Record an answer that came by phone. It ends the reminders like any answer.

    `stated_by` is who answered, `stated_at` is when (UTC, default now), and `remark` is what they answered.
    The officer enters the offer itself afterwards. `offered` holds the facts about the offer that were
    mentioned in the call, None if there is no offer. They are stored with the journal entry and fill in
    the offer form. Refuses a call in the future, and a call from before the inquiry was sent.
    """
    stated_at = stated_at or at
    values: dict[str, Any] = {"stated_by": stated_by, "stated_at": stated_at}
    if offered is not None:
        values["offered"] = dict(offered)
    with inquiries.RECORD_PHONE_REPLY.apply_to(inquiry, by=by, at=at, reason=remark, **values) as row:
        refused = invalid_call_time_refusal(row.sent_at, stated_at, at)
        if refused is not None:
            raise refused
        stop_waiting_for_answer(row, stated_at)
        row.answered_at = stated_at
        row.phone_respondent = stated_by
        row.remark = remark
    return inquiry
