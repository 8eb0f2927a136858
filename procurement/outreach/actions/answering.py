"""An answer by link, by phone, or a no; and the link that somebody carries by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import links
from accounts.models import Link, User
from partners.roles import Power
from procurement.outreach.actions.waiting import end
from procurement.outreach.models import Inquiry
from procurement.outreach.rules import inquiries
from procurement.outreach.rules.days import call_holds
from procurement.outreach.rules.readiness import may_be_copied
from workflow.actors import Actor
from workflow.errors import Refused


def answer(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Note that an answer came; the offer itself is a lead. A late answer is as welcome, and there may be several."""
    with inquiries.ANSWER.on(inquiry, by=by, at=at) as row:
        end(row, at)
        row.answered_at = row.answered_at or at
        row.leads += 1
    return inquiry


def decline(inquiry: Inquiry, *, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Take a no, which costs the person who was asked as much as a yes. Refuses one that another person notes without a word."""
    with inquiries.DECLINE.on(inquiry, by=by, at=at, reason=remark) as row:
        if not remark.strip() and not by.may(Power.ANSWER, row):
            raise Refused("remark_missing", _("Write what they said."), field="remark")
        end(row, at)
        row.answered_at = at
        row.remark = remark
    return inquiry


def note_call(
    inquiry: Inquiry,
    *,
    said_by: str,
    said_at: datetime | None = None,
    remark: str,
    offered: Mapping[str, str | int] | None = None,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Take an answer that came by phone: who said it, when (UTC; now where nothing
    is said), and what. It ends the reminders like any answer.

    An offer in it is entered as a lead afterwards; `offered` is what was told of it, kept with the entry to fill in the form: None
    where nobody has anything. Refuses a call to come, and one from before the question went.
    """
    said_at = said_at or at
    told: dict[str, Any] = {"said_by": said_by, "said_at": said_at}
    if offered is not None:
        told["offered"] = dict(offered)
    with inquiries.NOTE_CALL.on(inquiry, by=by, at=at, reason=remark, **told) as row:
        refused = call_holds(row.sent_at, said_at, at)
        if refused is not None:
            raise refused
        end(row, said_at)
        row.answered_at = said_at
        row.told_by = said_by
        row.remark = remark
    return inquiry


def copy_link(inquiry: Inquiry, *, user: User, by: Actor, at: datetime, real_at: datetime) -> str:
    """Make a link that a person carries by hand (WeChat, say) to the person waited for, journaled with who copied it. Returns the
    address.

    `real_at` is the real moment, by which links expire. Refuses where no answer is waited for.
    """
    refused = may_be_copied(inquiry, by)
    if refused is not None:
        raise refused
    person = inquiry.waits_for
    assert person is not None  # `may_be_copied`
    made = links.issue(
        person.user,
        purpose=Link.Purpose.ANSWER,
        thing_label=inquiry._meta.label_lower,
        thing_id=inquiry.pk,
        city_id=inquiry.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return made.url
