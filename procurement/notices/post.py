"""What became of the mails to a contact about a question or a check: planned, sent, read where the link tells, come back. Reads only.

It names no address and holds no words of the mail: who may see the thing, and whose business the mail is, may see this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Link
from partners.rules.powers import Powers
from workflow.errors import Words
from workflow.models.post import Message

FACTS = ("template", "subject", "state", "sent_at", "delivered_at", "bounced_at", "next_try_at", "read_at")
DELIVERED, READ, BOUNCED = "delivered", "read", "bounced"
WORDS: dict[str, Words] = {
    Message.State.PLANNED: pgettext_lazy("a mail", "Planned"),
    Message.State.CLAIMED: pgettext_lazy("a mail", "Being sent"),
    Message.State.SENT: pgettext_lazy("a mail", "Sent"),
    DELIVERED: pgettext_lazy("a mail", "Sent and delivered"),
    READ: pgettext_lazy("a mail", "Sent and read"),
    BOUNCED: pgettext_lazy("a mail", "Came back"),
    Message.State.CANCELLED: pgettext_lazy("a mail", "Taken back before it went"),
    Message.State.DEAD: pgettext_lazy("a mail", "Could not be sent"),
    Message.State.UNCERTAIN: pgettext_lazy("a mail", "Perhaps sent"),
    Message.State.EXPIRED: pgettext_lazy("a mail", "Too late to send"),
}
KINDS: dict[str, Words] = {
    "inquiry": _("The question"),
    "check": _("The check"),
    "consent": _("May the contact be asked?"),
    "consent_reminder": _("A reminder"),
    "inquiry_reminder": _("A reminder"),
    "check_reminder": _("A reminder"),
    "inquiry_redated": _("Another day"),
    "check_redated": _("Another day"),
    "lot_recalled": _("The recall"),
    "papers_asked": _("Papers asked for"),
    "papers_reminder": _("A reminder"),
    "papers_needed": _("A paper is needed again"),
    "papers_whole": _("All papers are there"),
    "papers_no_more": _("No more papers are needed"),
}


@dataclass(frozen=True)
class Mail:
    """One mail and what became of it. `at` is when that was, or when it is planned; by the story's clock, `read_at` in real time."""

    kind: Words
    state: str
    at: datetime | None
    read_at: datetime | None

    @property
    def word(self) -> Words:
        """The state in words."""
        return WORDS[self.state]


def with_mails(rows: QuerySet[Any], by: Powers) -> QuerySet[Any]:
    """The rows of a kind, each with the mails to contacts about it for `of`, as far as the reader may see them: no further query."""
    opened = Link.objects.filter(message_id=OuterRef("pk"), seen_at__isnull=False).order_by("seen_at", "pk")
    about_it = (
        Message.objects.visible_to(by)
        .filter(thing_label=rows.model._meta.label_lower, thing_id=OuterRef("pk"))
        .exclude(template="staff")
        .annotate(read_at=Subquery(opened.values("seen_at")[:1]))
        .order_by("entry_id", "pk")
    )
    found: QuerySet[Any] = rows.annotate(
        mails=ArraySubquery(about_it.values(told=JSONObject(**{name: name for name in FACTS})))
    )
    return found


def of(thing: Any) -> list[Mail]:
    """The mails about a thing that `with_mails` read, oldest first."""
    return [told(one) for one in thing.mails]


def told(row: Mapping[str, Any]) -> Mail:
    """One mail, from its facts as the database tells them."""
    facts: dict[str, Any] = {
        name: _moment(value) if name.endswith("_at") else value for name, value in row.items()
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
    return Mail(KINDS.get(facts["template"], facts["subject"]), state, at, facts["read_at"])


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
