"""Status of the e-mails to a contact about an object: planned, sent, read or bounced. Reads only.

"Read" is known only through the link. There is no address and no text here, so everyone who may see the
object and the message may see this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ActionLink
from partners.permissions.permissions import Permissions
from workflow.api.fast_serializers import ComputedField
from workflow.errors import LazyText
from workflow.outbox.models import Message

MAIL_COLUMNS = (
    "template",
    "subject",
    "state",
    "sent_at",
    "delivered_at",
    "bounced_at",
    "next_try_at",
    "read_at",
)
DELIVERED, READ, BOUNCED = "delivered", "read", "bounced"
MAIL_STATUS_LABELS: dict[str, LazyText] = {
    Message.State.PLANNED: pgettext_lazy("a mail", "Planned"),
    Message.State.SENDING: pgettext_lazy("a mail", "Being sent"),
    Message.State.SENT: pgettext_lazy("a mail", "Sent"),
    DELIVERED: pgettext_lazy("a mail", "Delivered"),
    READ: pgettext_lazy("a mail", "Read"),
    BOUNCED: pgettext_lazy("a mail", "Bounced"),
    Message.State.CANCELLED: pgettext_lazy("a mail", "Cancelled before sending"),
    Message.State.FAILED: pgettext_lazy("a mail", "Could not be sent"),
    Message.State.UNCERTAIN: pgettext_lazy("a mail", "Possibly sent"),
    Message.State.EXPIRED: pgettext_lazy("a mail", "Expired before sending"),
}
MAIL_KIND_LABELS: dict[str, LazyText] = {
    "inquiry": _("Inquiry"),
    "check": _("Check request"),
    "consent": _("Request for consent"),
    "consent_reminder": _("Reminder"),
    "consent_given": _("Confirmation of consent"),
    "consent_lost": _("End of consent"),
    "consent_used": _("Inquiries sent with consent"),
    "inquiry_reminder": _("Reminder"),
    "check_reminder": _("Reminder"),
    "inquiry_due_time_changed": _("New due date"),
    "check_due_time_changed": _("New due date"),
    "lot_recalled": _("Lot recall"),
    "documents_requested": _("Document request"),
    "documents_reminder": _("Reminder"),
    "documents_needed": _("Document needed again"),
    "documents_complete": _("All documents received"),
    "documents_not_needed": _("No more documents needed"),
    "purchase_order_sent": _("Purchase order"),
    "proposal_refused": _("Proposal refused"),
    "proposal_accepted": _("Proposal accepted"),
}


@dataclass(frozen=True)
class MailStatus:
    """One e-mail and its state.

    `state_since` is the time of that state, or the planned time; on a practice site it is practice time, while `read_at`
    is real time.
    """

    kind: LazyText
    state: str
    state_since: datetime | None
    read_at: datetime | None

    @property
    def label(self) -> LazyText:
        """State in words."""
        return MAIL_STATUS_LABELS[self.state]


def with_mail_status(rows: QuerySet[Any], by: Permissions) -> QuerySet[Any]:
    """Annotate rows with the e-mails about them that the reader may see.

    `mail_statuses_of` reads them from the row, without a further query.
    """
    opened = ActionLink.objects.filter(message_id=OuterRef("pk"), seen_at__isnull=False).order_by(
        "seen_at", "pk"
    )
    about_it = (
        Message.objects.visible_to(by)
        .filter(thing_label=rows.model._meta.label_lower, thing_id=OuterRef("pk"))
        .exclude(template="staff")
        .annotate(read_at=Subquery(opened.values("seen_at")[:1]))
        .order_by("entry_id", "pk")
    )
    found: QuerySet[Any] = rows.annotate(
        mails=ArraySubquery(about_it.values(facts=JSONObject(**{name: name for name in MAIL_COLUMNS})))
    )
    return found


def mail_statuses_of(thing: Any) -> list[MailStatus]:
    """Return the e-mails about an item that `with_mail_status` read, oldest first."""
    return [mail_status(one) for one in thing.mails]


def mail_status(row: Mapping[str, Any]) -> MailStatus:
    """Return one e-mail from its annotated facts."""
    facts: dict[str, Any] = {
        name: _parse_moment(value) if name.endswith("_at") else value for name, value in row.items()
    }
    state: str = facts["state"]
    if state == Message.State.SENT and facts["read_at"] is not None:
        state = READ
    elif facts["bounced_at"] is not None:
        state = BOUNCED
    elif facts["delivered_at"] is not None:
        state = DELIVERED
    came_back = facts["bounced_at"] if state == BOUNCED else None
    at = came_back or facts["sent_at"] or (facts["next_try_at"] if state == Message.State.PLANNED else None)
    return MailStatus(MAIL_KIND_LABELS.get(facts["template"], facts["subject"]), state, at, facts["read_at"])


def _parse_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


NULLABLE_DATETIME_SCHEMA = {"type": ["string", "null"], "format": "date-time"}
MAIL_STATUS_SCHEMA = {
    "type": "object",
    "required": ["kind", "state", "at", "read_at"],
    "properties": {
        "kind": {"type": "string", "description": "What it says, in the reader's language."},
        "state": {"type": "string", "enum": sorted(MAIL_STATUS_LABELS)},
        "at": NULLABLE_DATETIME_SCHEMA | {"description": "When it went out, came back, or is planned."},
        "read_at": NULLABLE_DATETIME_SCHEMA | {"description": "When a person first opened the link in it."},
    },
}


def mail_status_field() -> ComputedField:
    """Return the field, for an object read with `with_mail_status`."""
    return ComputedField("mails", by=_status_text, kind={"type": "array", "items": MAIL_STATUS_SCHEMA})


def _status_text(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"kind": str(one.kind), "state": one.state, "at": one.state_since, "read_at": one.read_at}
        for one in map(mail_status, rows)
    ]
