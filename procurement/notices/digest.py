"""The daily mail: what waited for one reader, by kind, each line with the page it leads to. Reads only.

The entry is written by `bell.gather`; the table announces it like any other. Only what the reader may see as the mail is
written is named, and a line whose thing has moved on since is left out: an order that was decided overnight waits for nobody.
"""

from typing import NamedTuple

from django.conf import settings

from accounts.actions.choices import ways_of
from accounts.models import User
from partners.rules.powers import powers_of
from procurement.notices.kinds import KINDS
from procurement.notices.telling import Told, tell_all
from workflow.errors import Words
from workflow.models.bell import InAppNotice, Way
from workflow.models.journal import Entry
from workflow.models.post import Message

DIGEST = "digest"  # the template, and the verb


class Line(NamedTuple):
    """One thing that happened."""

    what: str
    says: str
    page: str


class Group(NamedTuple):
    """The lines of one kind."""

    label: Words
    lines: list[Line]


def groups(entry: Entry, reader: User) -> list[Group]:
    """What goes with a daily mail, in the order of the kinds, the oldest first. Kinds without a line are left out."""
    rows = InAppNotice.objects.filter(digest=entry).select_related("entry", "settled_by").order_by("pk")
    told = [one for one in tell_all(rows, powers_of(reader, via="clock")) if not one.settled]
    found = [
        Group(kind.label, [_line(one) for one in told if one.notice.kind == kind.name]) for kind in KINDS
    ]
    return [group for group in found if group.lines]


def _line(told: Told) -> Line:
    what = f"{told.thing} · {told.subject}" if told.thing else str(told.subject)
    return Line(what, str(told.says), settings.BASE_URL + told.url if told.url else "")


def is_wanted(message: Message) -> bool:
    """Whether a daily mail that is planned still has a kind in it that its reader wants by mail."""
    ways = ways_of(message.recipient)
    kinds = InAppNotice.objects.filter(digest=message.entry_id).values_list("kind", flat=True).distinct()
    return any(ways.get(kind, Way.AT_ONCE) != Way.OFF for kind in kinds)


def way_of(message: Message) -> str:
    """How a message reaches its reader by what they choose now: at once, with the daily mail, or by no mail.

    One whose notice waits for a daily mail, or went with one, goes by no mail of its own. What is no notice goes at once.
    """
    if message.template == DIGEST:
        return Way.AT_ONCE if is_wanted(message) else Way.OFF
    told = InAppNotice.objects.filter(entry=message.entry_id, recipient=message.recipient_id).first()
    if told is None:
        return Way.AT_ONCE
    if told.digest_at is not None or told.digest_id is not None:
        return Way.OFF
    return ways_of(message.recipient).get(told.kind, Way.AT_ONCE)


def kind_to_stop(message: Message) -> str:
    """What the address in a mail that stops mail is about: a kind of notice, the daily mail; empty for all mail."""
    if message.template == DIGEST:
        return DIGEST
    told = InAppNotice.objects.filter(entry=message.entry_id, recipient=message.recipient_id).first()
    if told is None:
        return ""
    offers = {kind.name: kind.ways for kind in KINDS}
    return told.kind if Way.OFF in offers.get(told.kind, ()) else ""
