"""Texts of in-app notifications, composed for the present reader each time. Reads only.

For an object that the reader may no longer see, the text mentions only that there was one: without a name,
a sentence or a link. One query per kind of object, for any number of notifications.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from partners.corrections.models import ENTRY_RELATIONS
from partners.permissions.permissions import Permissions
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.audiences import may_still_decide
from procurement.notifications.categories import NotificationCategory
from procurement.notifications.conditions.general import MORE_NEEDED_ANNOTATION
from procurement.notifications.conditions.inquiries import ANSWER_NOT_REVIEWED_ANNOTATION
from procurement.notifications.item_titles import item_title
from procurement.notifications.mail_text import (
    notification_sentence,
    prefetch_actor_cities,
    prefetch_named_cities,
)
from procurement.notifications.notices import NotificationRule
from procurement.notifications.table_lookup import table_row_of, table_rows_for_entry
from procurement.requests.models import RequestLine
from workflow.errors import LazyText
from workflow.formatting import format_moment
from workflow.journal.models import Entry
from workflow.moves import Moves
from workflow.outbox.models import Notification
from workflow.templatetags.history import past_tense_label

ITEM_NOT_VISIBLE_TEXT = _(
    "This notification was about an item that was deleted or that you can no longer see."
)
USER_MODEL_LABEL = "accounts.user"
LINE_PRODUCT = "line__order_line__allocation__lead__product"
# Relations that the name, the title and the sentence of an item need.
DETAIL_RELATIONS: dict[str, tuple[str, ...]] = {
    "procurement.inquiry": ("city", "contact__user", "supply_request"),
    "procurement.introductionconsent": (
        "city",
        "through_city",
        "contact__user",
        "introducer__user",
        "inquiry",
    ),
    "procurement.finding": ("lead__supplier",),
    "procurement.verificationtask": ("contact__user", "lead"),
    "procurement.supplierlead": ("contact__user", "supplier", "product"),
    "procurement.allocation": ("lead__product", "line__supply_request"),
    "procurement.shipment": ("city",),
    "procurement.customsclearance": ("shipment",),
    "procurement.order": ("supplier",),
    "procurement.orderacknowledgement": ("order__supplier",),
    "procurement.payment": ("order__supplier",),
    "procurement.bankaccount": ("supplier",),
    "procurement.customshold": ("clearance__shipment",),
    "procurement.documentsubmission": ("document",),
    "procurement.goodsreceipt": ("shipment",),
    "procurement.discrepancy": ("contact__user", LINE_PRODUCT),
    "procurement.lot": (LINE_PRODUCT,),
    "procurement.supplierchange": ("supplier", "proposed_for"),
    "partners.contact": ("user", "city", "introduced_by"),
    "partners.membership": ("city", "user"),
    "partners.twinningagreement": ("city_a", "city_b"),
    "partners.correction": ENTRY_RELATIONS,
    "partners.delegation": ("delegator", "deputy"),
}
# Annotations that decide whether a notification about an item is still open.
INQUIRY_OFFERS_SUBQUERY = SupplierLead.objects.filter(inquiry=OuterRef("pk"))
OPEN_ITEM_ANNOTATIONS: dict[str, dict[str, Combinable]] = {
    "procurement.inquiry": {
        MORE_NEEDED_ANNOTATION: Exists(
            RequestLine.objects.lacking_goods().filter(supply_request=OuterRef("supply_request"))
        ),
        ANSWER_NOT_REVIEWED_ANNOTATION: ExpressionWrapper(
            Q(Exists(INQUIRY_OFFERS_SUBQUERY.filter(status=SupplierLead.Status.RECEIVED)))
            | ~Q(Exists(INQUIRY_OFFERS_SUBQUERY)),
            BooleanField(),
        ),
    },
    "procurement.verificationtask": {
        MORE_NEEDED_ANNOTATION: Exists(
            RequestLine.objects.lacking_goods().filter(supply_request=OuterRef("lead__line__supply_request"))
        ),
    },
}


class RenderedNotification(NamedTuple):
    """One notification as its reader sees it.

    `url` is empty if there is no page; `visible_item` is the item if the reader may still see it. A notification
    is settled once its request was met or a newer one repeats it; `settlement_text` says how, and is empty until then.
    """

    notice: Notification
    kind: LazyText
    subject: LazyText
    body: LazyText
    item_name: str = ""
    url: str = ""
    visible_item: Any = None
    settlement_text: LazyText = ""

    @property
    def item_title(self) -> LazyText:
        """What the item is, in words; "" if the reader may not see it or its name says so already."""
        return item_title(self.notice.thing_label, self.visible_item) if self.visible_item else ""


def render_notifications(notices: Iterable[Notification], by: Permissions) -> list[RenderedNotification]:
    """Return each of these notifications in the active language.

    `entry` and `settled_by` must be loaded with them.
    """
    notices = list(notices)
    seen = _visible_items(notices, by)
    prefetch_actor_cities(notice.entry for notice in notices if _sentence_uses(notice.entry, "%(city_of)s"))
    prefetch_named_cities(notice.entry for notice in notices if _sentence_uses(notice.entry, "%(cities)s"))
    return [_render(notice, seen.get((notice.thing_label, notice.thing_id)), by) for notice in notices]


def _visible_items(notices: list[Notification], by: Permissions) -> dict[tuple[str, int], Any]:
    """Return the items of these notifications that the reader may see, by label and id.

    For a notification about a person, the item is a contact entry of theirs that the reader may see.
    """
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for notice in notices:
        ids[notice.thing_label].add(notice.thing_id)
    found: dict[tuple[str, int], Any] = {}
    for label, pks in ids.items():
        if label == USER_MODEL_LABEL:
            places = Contact.objects.visible_to(by).filter(user__in=pks).select_related("user")
            found |= {(label, place.user_id): place for place in places.order_by("-pk")}
            continue
        rows: Any = apps.get_model(label)._default_manager
        if hasattr(rows, "visible_to"):
            things = rows.visible_to(by).filter(pk__in=pks).annotate(**OPEN_ITEM_ANNOTATIONS.get(label, {}))
            joined = DETAIL_RELATIONS.get(label)
            found |= {
                (label, thing.pk): thing for thing in (things.select_related(*joined) if joined else things)
            }
    return found


def _sentence_uses(entry: Entry, fact: str) -> bool:
    return any(fact in str(row.body) for row in table_rows_for_entry(entry))


def _render(notice: Notification, thing: Any | None, by: Permissions) -> RenderedNotification:
    about = (
        None if notice.thing_label == USER_MODEL_LABEL else thing
    )  # about a person, `thing` is their contact entry
    row, kind = table_row_of(notice, about), NotificationCategory(notice.kind).label
    if row is None:
        return RenderedNotification(notice, kind, kind, ITEM_NOT_VISIBLE_TEXT)
    if thing is None:
        # A sentence without placeholders names nothing, so it can be shown without access to the item.
        says = ITEM_NOT_VISIBLE_TEXT if "%(" in str(row.body) else row.body
        return RenderedNotification(
            notice,
            kind,
            row.subject,
            says,
            settlement_text=gettext("Settled.") if notice.settled_by_id else "",
        )
    url = thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""
    says = notification_sentence(row, thing, notice.entry)
    settled = _settled_text(notice, row, thing, by)
    return RenderedNotification(notice, kind, row.subject, says, str(thing), url, thing, settled)


def _settled_text(notice: Notification, rule: NotificationRule, thing: Any, by: Permissions) -> str:
    """Return how a notification was settled, or an empty string while it is open for the reader.

    Names the actor and the action if the reader may see that entry, else the present status of the item.
    """
    if notice.settled_by_id is None and rule.is_still_valid(thing, notice.entry):
        asked = rule.never_becomes_invalid or may_still_decide(rule.audience, thing, by)
        return "" if asked else gettext("Your role has changed, so others now make this decision.")
    entry = notice.settled_by
    if entry is not None and (entry.city_id is None or entry.city_id in by.visible_cities):
        did = past_tense_label(Moves.registry.get(entry.thing_label), entry)
        params = {"who": _actor_name(entry), "did": did, "when": format_moment(entry.at, short=True)}
        return gettext("Settled: %(who)s %(did)s, %(when)s.") % params
    status = getattr(thing, "status", "")
    if not status or status in rule.valid_statuses:  # the present status does not explain the settlement
        return gettext("Settled.")
    return gettext("Settled: the status is now “%(status)s”.") % {"status": thing.get_status_display()}


def _actor_name(entry: Entry) -> str:
    names = {"clock": gettext("Automatic"), "command": gettext("Server console")}
    return names.get(entry.via, entry.actor_name)
