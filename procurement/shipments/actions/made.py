"""Making a paper from the record: what it says now is gathered, printed and frozen. A newer version replaces none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.orders.models.order import Order
from procurement.shipments import paper
from procurement.shipments.gathering.papers import making
from procurement.shipments.gathering.papers.lacking import lacks
from procurement.shipments.gathering.papers.making import figures_of
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.models.made import MadePaper, MadePrint, of
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.paper import new_code
from procurement.shipments.rules.made import MAKE
from workflow import numbering
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked, not_ready

MOST_VERSIONS = 99  # of one paper: whoever wants more than that wants its page


def make_paper(
    kind: str,
    *,
    tongues: str,
    author: User,
    by: Actor,
    at: datetime,
    shipment: Shipment | None = None,
    order: Order | None = None,
) -> MadePaper:
    """Make a paper of a shipment, of an order's part of one, or of a gift, in one language or two, as PDF/A with its SHA-256.

    Refuses whoever neither ships nor (of a gift) orders for the city; a kind that such goods do not have, a part without its order, and
    a paper that lacks something, with what it lacks.
    """
    if kind not in MadePaper.Kind or tongues not in MadePaper.Tongues:
        raise Refused("unknown_paper", _("Choose a paper and its languages."), field="kind")
    thing: Shipment | Order | None = shipment if kind not in MadePaper.OF_GIFT else order
    if thing is None or (kind in MadePaper.OF_PART and order is None):
        raise Refused(
            "thing_missing",
            _("Say of which shipment, of which order in it, or of which gift."),
            field="order",
        )
    with transaction.atomic():
        row = locked(thing)
        made = MadePaper(
            kind=kind,
            tongues=tongues,
            author=author,
            city=row.city,
            shipment=row if isinstance(row, Shipment) else None,
            order=_inside(row, order) if kind not in MadePaper.OF_SHIPMENT else None,
            code=new_code(),
        )
        made.thing = of(made.shipment, made.order)
        made.version = MadePaper.objects.filter(thing=made.thing, kind=kind).count() + 1
        _print(made, by, at)
    return made


def _print(made: MadePaper, by: Actor, at: datetime) -> None:
    refused = MAKE.refusal(by, made, at)
    if refused is not None:  # before anything is gathered and printed
        raise refused
    if made.version > MOST_VERSIONS:
        raise Refused("too_many", _("This paper has as many versions as one may have."))
    record = record_of(made, at)
    lacking = lacks(made.kind, record)
    if lacking:
        raise not_ready(lacking[0].words, lacks=[str(one.words) for one in lacking])
    numbering.number(made, at)
    words = making.said(made, record)
    made.figures = figures_of(made.kind, record)
    made.sha256 = paper.hashed(words, made.figures)
    sheet = paper.printed(made.kind, words, fingerprint=made.fingerprint, url=paper.address(made.code), at=at)
    made.file_sha256 = sheet.sha256
    MAKE.start(made, by=by, at=at, about=made.thing)
    MadePrint.objects.create(paper=made, words=words, pdf=sheet.pdf)


def _inside(row: Shipment | Order, order: Order | None) -> Order:
    """The order as it is now: the one locked, or one that travels in the shipment that is."""
    if isinstance(row, Order):
        return row
    found = Order.objects.filter(
        lines__shipment_lines__shipment=row, pk=order.pk if order is not None else 0
    ).first()
    if found is None:
        raise Refused(
            "thing_missing", _("There is nothing of %(order)s in it.") % {"order": order}, field="order"
        )
    return found


def record_of(made: MadePaper, at: datetime) -> Record:
    """What it is made of."""
    if made.shipment is None or made.order is None:
        return Record(made.shipment, made.order, at)
    return Record(made.shipment, None, at).of(made.order)
