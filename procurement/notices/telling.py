"""The words of what stands under the bell, told anew for whoever reads it now. Reads only.

Of a thing that the reader may no longer see nothing is told but that there was something: no name, no sentence, no way there.
One look-up for each kind of thing, however many notices a page holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.models.corrections import ABOUT
from partners.models.people import Contact
from partners.rules.powers import Powers
from procurement.leads.models.offer import SupplierLead
from procurement.notices.audiences import decides
from procurement.notices.entries import for_entry, row_of
from procurement.notices.kinds import Kind
from procurement.notices.notice import UNSEEN, WANTS_MORE, Notice
from procurement.notices.words import read_cities, read_named, sentence
from procurement.requests.models import RequestLine
from workflow.doors.tags.history import past_words
from workflow.doors.words import moment
from workflow.errors import Words
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.moves import Moves

GONE = _("This was about something that you may no longer see, or that is no more.")
PEOPLE = "accounts.user"
# What a thing's name and sentence read besides the thing itself.
NAMED: dict[str, tuple[str, ...]] = {
    "procurement.inquiry": ("city", "contact__user", "supply_request"),
    "procurement.finding": ("lead__supplier",),
    "procurement.verificationtask": ("contact__user", "lead"),
    "procurement.supplierlead": ("contact__user",),
    "procurement.shipment": ("city",),
    "procurement.customslane": (),
    "procurement.customshold": ("lane__shipment",),
    "procurement.paperversion": ("paper",),
    "procurement.receipt": ("shipment",),
    "procurement.companychange": ("supplier", "proposed_for"),
    "partners.contact": ("user", "city", "introduced_by"),
    "partners.membership": ("city", "user"),
    "partners.twinning": ("city_a", "city_b"),
    "partners.correction": ABOUT,
    "partners.delegation": ("giver", "deputy"),
}
# What says whether a notice about a thing still waits, read with the thing.
OFFERS = SupplierLead.objects.filter(inquiry=OuterRef("pk"))
WAITS_FOR: dict[str, dict[str, Combinable]] = {
    "procurement.inquiry": {
        WANTS_MORE: Exists(RequestLine.objects.short().filter(supply_request=OuterRef("supply_request"))),
        UNSEEN: ExpressionWrapper(
            Q(Exists(OFFERS.filter(status=SupplierLead.Status.OFFERED))) | ~Q(Exists(OFFERS)), BooleanField()
        ),
    },
    "procurement.verificationtask": {
        WANTS_MORE: Exists(
            RequestLine.objects.short().filter(supply_request=OuterRef("lead__line__supply_request"))
        ),
    },
}


class Told(NamedTuple):
    """One notice as its reader sees it. `url` is empty where there is nowhere to go, `seen` is the thing they may still see.

    `settled` says how it settled itself; empty while it waits.
    """

    notice: InAppNotice
    kind: Words
    subject: Words
    says: Words
    thing: str = ""
    url: str = ""
    seen: Any = None
    settled: Words = ""


def tell_all(notices: Iterable[InAppNotice], by: Powers) -> list[Told]:
    """Each of these notices in the language that is active. `entry` and `settled_by` must have been read with them."""
    notices = list(notices)
    seen = _seen(notices, by)
    read_cities(notice.entry for notice in notices if _names(notice.entry, "%(city_of)s"))
    read_named(notice.entry for notice in notices if _names(notice.entry, "%(cities)s"))
    return [_told(notice, seen.get((notice.thing_label, notice.thing_id)), by) for notice in notices]


def _seen(notices: list[InAppNotice], by: Powers) -> dict[tuple[str, int], Any]:
    """The things of these notices that this person sees, by label and id; of a person, their place as a contact."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for notice in notices:
        ids[notice.thing_label].add(notice.thing_id)
    found: dict[tuple[str, int], Any] = {}
    for label, pks in ids.items():
        if label == PEOPLE:
            places = Contact.objects.visible_to(by).filter(user__in=pks).select_related("user")
            found |= {(label, place.user_id): place for place in places.order_by("-pk")}
            continue
        rows: Any = apps.get_model(label)._default_manager
        if hasattr(rows, "visible_to"):
            things = rows.visible_to(by).filter(pk__in=pks).annotate(**WAITS_FOR.get(label, {}))
            joined = NAMED.get(label)
            found |= {
                (label, thing.pk): thing for thing in (things.select_related(*joined) if joined else things)
            }
    return found


def _names(entry: Entry, fact: str) -> bool:
    return any(fact in str(row.says) for row in for_entry(entry))


def _told(notice: InAppNotice, thing: Any | None, by: Powers) -> Told:
    about = (
        None if notice.thing_label == PEOPLE else thing
    )  # of a person, `thing` is their place as a contact
    row, kind = row_of(notice, about), Kind(notice.kind).label
    if row is None:
        return Told(notice, kind, kind, GONE)
    if thing is None:
        # What names nothing may be told whatever became of it: "Somebody says that a message of yours ..."
        says = GONE if "%(" in str(row.says) else row.says
        return Told(
            notice, kind, row.subject, says, settled=gettext("Settled.") if notice.settled_by_id else ""
        )
    url = thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""
    says = sentence(row, thing, notice.entry)
    settled = _settled(notice, row, thing, by)
    return Told(notice, kind, row.subject, says, str(thing), url, thing, settled)


def _settled(notice: InAppNotice, row: Notice, thing: Any, by: Powers) -> str:
    """Who did what it asked for, where the reader may know; else where the thing is now. Empty while it waits for the reader."""
    if notice.settled_by_id is None and row.is_true(thing, notice.entry):
        asked = row.stays or decides(row.audience, thing, by)
        return "" if asked else gettext("Others decide about it now: your role there has changed.")
    entry = notice.settled_by
    if entry is not None and (entry.city_id is None or entry.city_id in by.sees):
        did = past_words(Moves.registry.get(entry.thing_label), entry)
        told = {"who": _actor(entry), "did": did, "when": moment(entry.at, short=True)}
        return gettext("Settled: %(who)s %(did)s, %(when)s.") % told
    status = getattr(thing, "status", "")
    if not status or status in row.while_at:  # where it is does not say why it waits no longer
        return gettext("Settled.")
    return gettext("Settled: it is at “%(status)s” now.") % {"status": thing.get_status_display()}


def _actor(entry: Entry) -> str:
    names = {"clock": gettext("The clock"), "command": gettext("The server's console")}
    return names.get(entry.via, entry.by_label)
