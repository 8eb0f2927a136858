"""Entry pages of links, by the object that a link is for.

Each says who asks and for what, and leads on to the form.

`procurement/apps.py` registers these functions with the hook `link_pages` of accounts.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.hooks import LinkPage
from accounts.models import ActionLink
from partners.place_labels import letterhead_city_label
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.rules.requests import STATUSES_WITH_WORKING_LINKS
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import may_open
from procurement.orders.acknowledgements.rules import is_link_open, is_receipt_shown
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment
from procurement.verification.models import VerificationTask

STATUSES_WITHOUT_LINK = (
    Inquiry.Status.CANCELLED,
    Inquiry.Status.DRAFT,
    Inquiry.Status.AWAITING_CONSENT,
    Inquiry.Status.CONSENT_DECLINED,
)


def inquiry_link_page(link: ActionLink) -> LinkPage | None:
    """Return the entry page of an inquiry: who asks, and for which goods. None if it was withdrawn."""
    rows = Inquiry.objects.select_related("supply_request", "city", "introducer")
    found = rows.filter(pk=link.thing_id).first()
    if found is not None and found.introducer is not None and found.introducer.user_id == link.user_id:
        return _introduction_page(found)
    if found is None or found.status in STATUSES_WITHOUT_LINK:
        return None
    return LinkPage(
        requesting_office=letterhead_city_label(found.city.name),
        subject=_product_names(found),
        continue_url=reverse("portal_inquiry", args=[found.reference]),
        due_at=found.due_at,
        expects_answer=found.status == Inquiry.Status.SENT,
    )


def _introduction_page(inquiry: Inquiry) -> LinkPage | None:
    """Return the page that asks for consent to an introduction.

    None if the inquiry was cancelled, unless its reader gave a consent for a period with it, which is withdrawn there.
    """
    if inquiry.status == Inquiry.Status.CANCELLED:
        given = IntroductionConsent.objects.filter(inquiry=inquiry, introducer=inquiry.introducer)
        if not given.exists():
            return None
    waits = inquiry.status == Inquiry.Status.AWAITING_CONSENT
    return LinkPage(
        requesting_office=letterhead_city_label(inquiry.city.name),
        subject=_product_names(inquiry),
        continue_url=reverse("portal_introduction", args=[inquiry.reference]),
        due_at=inquiry.due_at if waits else None,
        expects_answer=waits,
    )


def _product_names(inquiry: Inquiry) -> str:
    """Return the product names of the lines asked about, from the catalogue.

    The title of the need is used only without lines, because it is in its author's language.
    """
    lines = inquiry.asked_lines
    return " · ".join(dict.fromkeys(str(line.product.name) for line in lines)) or inquiry.supply_request.title


def check_link_page(link: ActionLink) -> LinkPage | None:
    """Return the entry page of a check and of other checks of the same company: who asks, and what to check.

    None if the check was cancelled, handed over or outdated and no other check waits for the person.
    """
    found = VerificationTask.objects.filter(pk=link.thing_id).select_related("city", "supplier").first()
    if found is None:
        return None
    waiting = list(VerificationTask.objects.asked_together_with(found).waiting().order_by("due_at"))
    if found.status in VerificationTask.Status.void and not waiting:
        return None
    first = waiting[0] if waiting else found
    if len(waiting) > 1:
        checks = ngettext("%(count)s check", "%(count)s checks", len(waiting)) % {"count": len(waiting)}
    else:
        checks = first.get_check_kind_display()
    return LinkPage(
        requesting_office=letterhead_city_label(found.city.name),
        subject=_("%(check)s: %(supplier)s") % {"check": checks, "supplier": found.supplier.name},
        continue_url=reverse("portal_check", args=[found.reference]),
        due_at=first.due_at,
        expects_answer=bool(waiting),
    )


def discrepancy_link_page(link: ActionLink) -> LinkPage | None:
    """Return the page for discrepancies: which city asks for an answer. None if none is left."""
    rows = Discrepancy.objects.select_related("city", "shipment", "line__order_line__order")
    found = rows.filter(pk=link.thing_id).first()
    if found is None or not found.reported_together:
        return None
    return LinkPage(
        requesting_office=letterhead_city_label(found.city.name),
        subject=_("Differences between what was sent and what arrived: %(shipment)s")
        % {"shipment": found.shipment},
        continue_url=reverse("portal_discrepancy", args=[found.reference]),
    )


def document_request_link_page(link: ActionLink) -> LinkPage | None:
    """Return the page for a document request: who asks, and for which shipment.

    None if the request is closed or the shipment has ended.
    """
    rows = DocumentRequest.objects.select_related("city", "shipment", "supplier")
    found = rows.filter(pk=link.thing_id).first()
    if (
        found is None
        or found.status not in STATUSES_WITH_WORKING_LINKS
        or found.shipment.status in Shipment.Status.settled
    ):
        return None
    return LinkPage(
        requesting_office=letterhead_city_label(found.city.name),
        subject=_("Documents for %(shipment)s: %(role)s")
        % {"shipment": found.shipment.reference, "role": found.owner_name},
        continue_url=reverse("portal_documents", args=[found.reference]),
        due_at=found.due_at,
        expects_answer=found.status == DocumentRequest.Status.OPEN,
    )


def order_link_page(link: ActionLink) -> LinkPage | None:
    """Return the entry page of a purchase order: which city asks to confirm it.

    None unless the order waits for its supplier or was confirmed by link and is in force, and if the link opens nothing
    any more (`may_open`).
    """
    rows = OrderAcknowledgement.objects.select_related("city", "order")
    found = rows.filter(pk=link.thing_id).first()
    if found is None or not (is_link_open(found) or is_receipt_shown(found)) or not may_open(found, link):
        return None
    return LinkPage(
        requesting_office=letterhead_city_label(found.city.name),
        subject=_("Purchase order %(order)s") % {"order": found.order.reference},
        continue_url=reverse("portal_order", args=[found.reference]),
        expects_answer=found.status == OrderAcknowledgement.Status.REQUESTED,
    )
