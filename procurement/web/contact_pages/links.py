"""What the first page of a link says about a question, a check or a difference, and where it leads. Named in settings.LINK_PAGES."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.above import LinkPage
from accounts.models import Link
from partners.labels import town_label
from procurement.outreach.models import Inquiry
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.rules.handing import OVER, STANDING
from procurement.verification.models.checks import VerificationTask

NOBODY_WAITS = (
    Inquiry.Status.CANCELLED,
    Inquiry.Status.PROPOSED,
    Inquiry.Status.AWAITING_CONSENT,
    Inquiry.Status.REFUSED,
)


def inquiry(link: Link) -> LinkPage | None:
    """A question about a need: who asks, and for which goods. None once it was taken back."""
    rows = Inquiry.objects.select_related("supply_request", "city", "introducer")
    found = rows.filter(pk=link.thing_id).first()
    if found is not None and found.introducer is not None and found.introducer.user_id == link.user_id:
        return _introduction(found)
    if found is None or found.status in NOBODY_WAITS:
        return None
    return LinkPage(
        asker=town_label(found.city.name),
        subject=_goods(found),
        url=reverse("answer", args=[found.reference]),
        until=found.due_at,
        asks=found.status == Inquiry.Status.SENT,
    )


def _introduction(inquiry: Inquiry) -> LinkPage | None:
    """Whether the contact of a partner city may be asked. None once the question was taken back."""
    if inquiry.status == Inquiry.Status.CANCELLED:
        return None
    waits = inquiry.status == Inquiry.Status.AWAITING_CONSENT
    return LinkPage(
        asker=town_label(inquiry.city.name),
        subject=_goods(inquiry),
        url=reverse("introduce", args=[inquiry.reference]),
        until=inquiry.due_at if waits else None,
        asks=waits,
    )


def _goods(inquiry: Inquiry) -> str:
    """The goods that are needed by their names in the catalogue: the title is in the language of who wrote it."""
    lines = inquiry.supply_request.lines.select_related("product").order_by("position")
    return " · ".join(dict.fromkeys(str(line.product.name) for line in lines)) or inquiry.supply_request.title


def check(link: Link) -> LinkPage | None:
    """A check of an offer: who asks, and what is to be looked at. None once it was called off or handed on."""
    found = VerificationTask.objects.filter(pk=link.thing_id).select_related("city", "supplier").first()
    over = (
        VerificationTask.Status.CANCELLED,
        VerificationTask.Status.HANDED_OVER,
        VerificationTask.Status.OUTDATED,
    )
    if found is None or found.status in over:
        return None
    return LinkPage(
        asker=town_label(found.city.name),
        subject=_("%(check)s of %(supplier)s")
        % {"check": found.get_check_kind_display(), "supplier": found.supplier.name},
        url=reverse("report", args=[found.reference]),
        until=found.due_at,
        asks=found.status in VerificationTask.WAITING,
    )


def case(link: Link) -> LinkPage | None:
    """What differed when goods were counted: which city asks for a word. None once nothing is left of it."""
    rows = DifferenceCase.objects.select_related("city", "shipment", "line__order_line__order")
    found = rows.filter(pk=link.thing_id).first()
    if found is None or not found.together:
        return None
    return LinkPage(
        asker=town_label(found.city.name),
        subject=_("What came otherwise than it was sent: %(shipment)s") % {"shipment": found.shipment},
        url=reverse("case_answer", args=[found.reference]),
        until=None,
    )


def papers(link: Link) -> LinkPage | None:
    """Papers of a shipment: who asks, for which. None once nobody asks any more, or the goods have ended their way."""
    rows = PaperCall.objects.select_related("city", "shipment", "supplier")
    found = rows.filter(pk=link.thing_id).first()
    if found is None or found.status not in STANDING or found.shipment.status in OVER:
        return None
    return LinkPage(
        asker=town_label(found.city.name),
        subject=_("Papers of %(shipment)s: %(role)s")
        % {"shipment": found.shipment.reference, "role": found.whose},
        url=reverse("handing", args=[found.reference]),
        until=found.due_at,
        asks=found.status == PaperCall.Status.ASKED,
    )
