"""What became of the mails to a contact about a question or a check: planned, sent, read where the link tells, come back. Reads only.

It names no address and holds no words of the mail: who may see the thing, and whose business the mail is, may see this.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Link
from partners.rules import Powers
from workflow.errors import Words
from workflow.models import Message

S = Message.State
READ, BOUNCED = "read", "bounced"
WORDS: dict[str, Words] = {
    S.PLANNED: pgettext_lazy("a mail", "Planned"),
    S.CLAIMED: pgettext_lazy("a mail", "Being sent"),
    S.SENT: pgettext_lazy("a mail", "Sent"),
    READ: pgettext_lazy("a mail", "Sent and read"),
    BOUNCED: pgettext_lazy("a mail", "Came back"),
    S.CANCELLED: pgettext_lazy("a mail", "Taken back before it went"),
    S.DEAD: pgettext_lazy("a mail", "Could not be sent"),
    S.UNCERTAIN: pgettext_lazy("a mail", "Perhaps sent"),
    S.EXPIRED: pgettext_lazy("a mail", "Too late to send"),
}
KINDS: dict[str, Words] = {
    "inquiry": _("The question"),
    "check": _("The check"),
    "inquiry_reminder": _("A reminder"),
    "check_reminder": _("A reminder"),
    "inquiry_redated": _("Another day"),
    "check_redated": _("Another day"),
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


def about(thing: Model, by: Powers) -> list[Mail]:
    """The mails about one thing, oldest first: one query."""
    return about_all(thing._meta.label_lower, [thing.pk], by).get(thing.pk, [])


def about_all(label: str, ids: Collection[int], by: Powers) -> dict[int, list[Mail]]:
    """The mails to contacts about some things of a kind, by the thing's id, oldest first: one query."""
    opened = Link.objects.filter(message_id=OuterRef("pk"), seen_at__isnull=False).order_by("seen_at", "pk")
    rows = (
        Message.objects.visible_to(by)
        .filter(thing_label=label, thing_id__in=ids)
        .exclude(template="staff")
        .annotate(read_at=Subquery(opened.values("seen_at")[:1]))
        .order_by("entry_id", "pk")
    )
    found: defaultdict[int, list[Mail]] = defaultdict(list)
    for row in rows:
        found[row.thing_id].append(_mail(row))
    return dict(found)


def _mail(row: Message) -> Mail:
    read_at: datetime | None = row.read_at  # type: ignore[attr-defined]  # annotated
    state: str = row.state
    if state == S.SENT and read_at is not None:
        state = READ
    elif row.bounced_at is not None:
        state = BOUNCED
    at = row.sent_at or row.bounced_at or (row.next_try_at if row.state == S.PLANNED else None)
    return Mail(KINDS.get(row.template, row.subject), state, at, read_at)
