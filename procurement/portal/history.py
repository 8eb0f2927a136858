"""Data for a contact's own page: inquiries and checks, their offers and shipments, and thank-yous.

Contains only what reached the contact: no draft, no inquiry that a partner city did not pass on, and
no internal data of a city.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from partners.contacts.models import Contact
from partners.permissions.permissions import permissions_by_link
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.thank_you_letters import THANK_YOU_TEMPLATES
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry, InquiryQuerySet
from procurement.outreach.models.letters import SentLetter
from procurement.portal.link_pages import open_verbs_of
from procurement.requests.models import RequestLine
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.verification.models import VerificationTask
from workflow.errors import LazyText
from workflow.outbox.models import Message
from workflow.outbox.queue import LINK_PLACEHOLDER
from workflow.query_expressions import exists_annotations

MAX_PAST_ITEMS = 20  # limit for each list of past items; the newest are kept
UNSENT_STATUSES = (Inquiry.Status.DRAFT, Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.CONSENT_DECLINED)


class RequestSummary(NamedTuple):
    """Inquiries or checks of several cities about the same goods or the same company."""

    subject_text: LazyText
    requests: list[Inquiry | VerificationTask]

    @property
    def is_from_several_cities(self) -> bool:
        """True if more than one city asks."""
        return len({one.city_id for one in self.requests}) > 1


class OfferSummary(NamedTuple):
    """Offer of the contact, with the shipment lines that carry its goods.

    `open_verbs` are the moves open to the contact on their own page; none for the answer to an inquiry, whose page
    has them.
    """

    lead: SupplierLead
    shipment_lines: list[ShipmentLine]
    open_verbs: frozenset[str]


def history_context(contact: Contact) -> dict[str, Any]:
    """Return the template context of the contact's own page, by a fixed number of queries."""
    user = contact.user
    asked = inquiries_sent_to(user).select_related("city", "supply_request")
    tasks = VerificationTask.objects.filter(contact__user=user).select_related(
        "city", "supplier", "requested_certificate_type"
    )
    waiting = list(
        asked.awaiting_reply().order_by("due_at", "pk")
    )  # unlimited, so that each city's is listed
    checks = list(tasks.waiting().order_by("due_at", "pk"))
    agree = Inquiry.objects.awaiting_consent().filter(introducer__user=user)
    consents = IntroductionConsent.objects.active().filter(introducer__user=user)
    return {
        "consents": list(
            consents.select_related("city", "contact__user", "contact__city", "through_city").order_by(
                "ends_on", "pk"
            )
        ),
        "introducing": list(agree.select_related("city", "contact__city").order_by("due_at", "pk")),
        "asked": [*_group_by_goods(waiting), *_group_by_company(checks)],
        "earlier": _past_requests(asked, tasks),
        "offers": _offer_summaries(contact),
        "thanks": _thank_you_mails(user),
    }


def inquiries_sent_to(user: User) -> InquiryQuerySet:
    """Return the inquiries that were sent to this person, from any city and in any of their offices."""
    return Inquiry.objects.filter(contact__user=user, sent_at__isnull=False).exclude(
        status__in=UNSENT_STATUSES
    )


def count_waiting_elsewhere(user: User, *here: Inquiry | VerificationTask) -> int:
    """Return how many inquiries and checks wait for this person, besides those of the page (`here`)."""
    tasks = [one.pk for one in here if isinstance(one, VerificationTask)]
    asked = [one.pk for one in here if isinstance(one, Inquiry)]
    checks = VerificationTask.objects.waiting().filter(contact__user=user).exclude(pk__in=tasks)
    return checks.count() + inquiries_sent_to(user).awaiting_reply().exclude(pk__in=asked).count()


def _past_requests(
    asked: InquiryQuerySet, tasks: QuerySet[VerificationTask]
) -> list[Inquiry | VerificationTask]:
    """Return the inquiries and checks that no longer wait for an answer, newest first."""
    questions = asked.exclude(status=Inquiry.Status.SENT).order_by("-sent_at", "-pk")[:MAX_PAST_ITEMS]
    done = tasks.filter(offered_at__isnull=False).exclude(status__in=VerificationTask.WAITING_STATUSES)
    checks = done.order_by("-offered_at", "-pk")[:MAX_PAST_ITEMS]
    return sorted([*questions, *checks], key=request_sent_at, reverse=True)[:MAX_PAST_ITEMS]


def request_sent_at(thing: Inquiry | VerificationTask) -> datetime:
    """Return the moment when the inquiry or check was sent to the contact."""
    at = thing.sent_at if isinstance(thing, Inquiry) else thing.offered_at
    assert at is not None  # neither is sent without a time
    return at


def _offer_summaries(contact: Contact) -> list[OfferSummary]:
    rows = SupplierLead.objects.filter(contact__user=contact.user).exclude(status=SupplierLead.Status.DRAFT)
    ordered = Allocation.objects.filter(lead=OuterRef("pk")).in_orders()
    rows = rows.annotate(**exists_annotations(orders=ordered))
    leads = list(
        rows.select_related("supplier", "product", "city", "inquiry").order_by("-pk")[:MAX_PAST_ITEMS]
    )
    under_way: defaultdict[int, list[ShipmentLine]] = defaultdict(list)
    lines = ShipmentLine.objects.filter(order_line__allocation__lead__in=leads)
    for line in (
        lines.exclude(shipment__status=Shipment.Status.CANCELLED)
        .select_related("shipment", "order_line__allocation")
        .order_by("pk")
    ):
        under_way[line.order_line.allocation.lead_id].append(line)
    by = permissions_by_link(contact.user, contact, ("partners.contact", contact.pk))
    own = {lead.pk for lead in leads if lead.inquiry_id is None and lead.contact_id == contact.pk}
    return [
        OfferSummary(lead, under_way[lead.pk], open_verbs_of(lead, by) if lead.pk in own else frozenset())
        for lead in leads
    ]


def _thank_you_mails(user: User) -> list[dict[str, Any]]:
    """Return the thank-you mails that reached the person, without the link at the end."""
    sent = Message.objects.filter(recipient=user, template__in=THANK_YOU_TEMPLATES, state=Message.State.SENT)
    paper = SentLetter.objects.filter(entry=OuterRef("entry"), contact__user=user)
    kept: QuerySet[Any] = sent.annotate(paper=Subquery(paper.values("pk")[:1]))
    return [
        {
            "subject": one.subject,
            "language": one.language,
            "day": one.sent_at,
            "text": _text_before_link(one.body),
            "pdf": one.paper,  # None for letters sent before PDFs were stored
        }
        for one in kept.order_by("-sent_at", "pk")[:MAX_PAST_ITEMS]
    ]


def _text_before_link(body: str) -> str:
    """Return the text of a mail before the paragraph with the link."""
    before, _link, _after = body.partition(LINK_PLACEHOLDER)
    letter, _break, _intro = before.rpartition("\n\n")
    return letter or before


def _group_by_goods(waiting: Iterable[Inquiry]) -> list[RequestSummary]:
    """Group the inquiries of all cities by the first product that they are about."""
    known = list(waiting)
    rows = RequestLine.objects.filter(supply_request__in=[one.supply_request_id for one in known])
    lines: defaultdict[int, list[RequestLine]] = defaultdict(list)
    for line in rows.select_related("product").order_by("position"):
        lines[line.supply_request_id].append(line)
    groups: defaultdict[Any, list[Inquiry | VerificationTask]] = defaultdict(list)
    for one in known:
        asked = (line.product for line in lines[one.supply_request_id] if one.asks_about_line(line.position))
        groups[next(asked, None)].append(one)
    return [RequestSummary(about.name if about else "", questions) for about, questions in groups.items()]


def _group_by_company(waiting: Iterable[VerificationTask]) -> list[RequestSummary]:
    groups: defaultdict[Any, list[Inquiry | VerificationTask]] = defaultdict(list)
    for one in waiting:
        groups[one.supplier].append(one)
    return [RequestSummary(supplier.name, questions) for supplier, questions in groups.items()]
