"""Everything put to one person, what they offered and where it is now, and their letters of thanks: read for their own page.

Only what reached them: no draft, no question that a partner city kept back, and nothing of a city's own affairs.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from procurement.leads.models.offer import SupplierLead
from procurement.notices.thanks import THANKS
from procurement.outreach.models import Inquiry, InquiryQuerySet, SentLetter
from procurement.requests.models import RequestLine
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.verification.models.checks import VerificationTask
from workflow.errors import Words
from workflow.models.post import Message
from workflow.outbox.ledger import LINK

MOST = 20  # of what is past, the newest
NEVER_REACHED = (Inquiry.Status.PROPOSED, Inquiry.Status.AWAITING_CONSENT, Inquiry.Status.REFUSED)


class Asked(NamedTuple):
    """What several cities ask about the same goods, or the same company, stands together."""

    about: Words
    questions: list[Inquiry | VerificationTask]

    @property
    def by_several(self) -> bool:
        """Whether more than one city asks."""
        return len({one.city_id for one in self.questions}) > 1


class Offered(NamedTuple):
    """An offer of theirs, and the goods of it that travel or have arrived."""

    lead: SupplierLead
    travels: list[ShipmentLine]


def of(user: User) -> dict[str, Any]:
    """Everything for the page, in as many queries for one row as for twenty."""
    asked = put_to(user).select_related("city", "supply_request")
    tasks = VerificationTask.objects.filter(contact__user=user).select_related("city", "supplier")
    waiting = list(asked.waiting().order_by("due_at", "pk"))  # all of them: each city's stands there
    checks = list(tasks.waiting().order_by("due_at", "pk"))
    agree = Inquiry.objects.awaiting_consent().filter(introducer__user=user)
    return {
        "introducing": list(agree.select_related("city", "contact__city").order_by("due_at", "pk")),
        "asked": [*_by_goods(waiting), *_by_company(checks)],
        "earlier": _earlier(asked, tasks),
        "offers": _offers(user),
        "thanks": _letters(user),
    }


def put_to(user: User) -> InquiryQuerySet:
    """The questions that went out to this person, whichever city asked and at whichever of their offices."""
    return Inquiry.objects.filter(contact__user=user, sent_at__isnull=False).exclude(status__in=NEVER_REACHED)


def _earlier(asked: InquiryQuerySet, tasks: QuerySet[VerificationTask]) -> list[Inquiry | VerificationTask]:
    """What waits no more, the newest first: questions and checks together."""
    questions = asked.exclude(status=Inquiry.Status.SENT).order_by("-sent_at", "-pk")[:MOST]
    done = tasks.filter(offered_at__isnull=False).exclude(status__in=VerificationTask.WAITING)
    checks = done.order_by("-offered_at", "-pk")[:MOST]
    return sorted([*questions, *checks], key=put_at, reverse=True)[:MOST]


def put_at(thing: Inquiry | VerificationTask) -> datetime:
    """When it was put to them."""
    at = thing.sent_at if isinstance(thing, Inquiry) else thing.offered_at
    assert at is not None  # both are asked for with a time
    return at


def _offers(user: User) -> list[Offered]:
    rows = SupplierLead.objects.filter(contact__user=user).exclude(status=SupplierLead.Status.DRAFT)
    leads = list(rows.select_related("supplier", "product", "city").order_by("-pk")[:MOST])
    under_way: defaultdict[int, list[ShipmentLine]] = defaultdict(list)
    lines = ShipmentLine.objects.filter(order_line__allocation__lead__in=leads)
    for line in (
        lines.exclude(shipment__status=Shipment.Status.CANCELLED)
        .select_related("shipment", "order_line__allocation")
        .order_by("pk")
    ):
        under_way[line.order_line.allocation.lead_id].append(line)
    return [Offered(lead, under_way[lead.pk]) for lead in leads]


def _letters(user: User) -> list[dict[str, Any]]:
    """The thanks that reached them, as they were sent but for the link."""
    sent = Message.objects.filter(recipient=user, template__in=THANKS, state=Message.State.SENT)
    paper = SentLetter.objects.filter(entry=OuterRef("entry"), contact__user=user)
    kept: QuerySet[Any] = sent.annotate(paper=Subquery(paper.values("pk")[:1]))
    return [
        {
            "subject": one.subject,
            "language": one.language,
            "day": one.sent_at,
            "text": _letter_only(one.body),
            "paper": one.paper,  # none of what was sent before papers were kept
        }
        for one in kept.order_by("-sent_at", "pk")[:MOST]
    ]


def _letter_only(body: str) -> str:
    """A mail up to where it leads to a page: what follows is no part of the letter."""
    before, _link, _after = body.partition(LINK)
    letter, _break, _intro = before.rpartition("\n\n")
    return letter or before


def _by_goods(waiting: Iterable[Inquiry]) -> list[Asked]:
    """The questions of every city, those about the same goods together."""
    known = list(waiting)
    lines = RequestLine.objects.filter(supply_request__in=[one.supply_request_id for one in known])
    product: dict[int, Any] = {}
    for line in lines.select_related("product").order_by("-position"):
        product[line.supply_request_id] = line.product
    groups: defaultdict[Any, list[Inquiry | VerificationTask]] = defaultdict(list)
    for one in known:
        groups[product.get(one.supply_request_id)].append(one)
    return [Asked(about.name if about else "", questions) for about, questions in groups.items()]


def _by_company(waiting: Iterable[VerificationTask]) -> list[Asked]:
    groups: defaultdict[Any, list[Inquiry | VerificationTask]] = defaultdict(list)
    for one in waiting:
        groups[one.supplier].append(one)
    return [Asked(supplier.name, questions) for supplier, questions in groups.items()]
