"""What a decision memo says, in each of the three languages: sections of plain blocks, every figure from the record. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partners.labels import town_label
from procurement.catalogue.models.facts import Dealing
from procurement.orders.gathering import goods, money, people, proof
from procurement.orders.gathering.blocks import Section, facts, section, sentences
from procurement.orders.gathering.record import Record
from procurement.orders.models.memo import Memo
from procurement.orders.models.order import Order
from workflow.doors import words
from workflow.tongues import TONGUES

type Words = dict[str, Any]


def told(memo: Memo, *, at: datetime) -> dict[str, Words]:
    """The memo by language: en, fr, zh. Moments are those of the city's own clock. The record is read once for all of them."""
    record = Record(memo, at)
    said = {}
    for short, language in TONGUES.items():
        with (
            translation.override(language),
            timezone.override(record.order.city.zone),
        ):
            said[short] = _in_tongue(short, record)
    return said


def _in_tongue(language: str, record: Record) -> Words:
    memo, order = record.memo, record.order
    gift = order.kind == Dealing.DONATION
    return {
        "language": language,
        "title": _("Decision memo"),
        "sender": town_label(order.city.name),
        "number": _("No. %(number)s") % {"number": memo.reference},
        "order": order.reference,
        "about": f"{order.get_kind_display()} · {order.supplier.name}",
        "as_of": _("As of %(moment)s") % {"moment": words.moment(record.at, order.city.timezone or "UTC")},
        "scan": _("Scan this to see on our page that the memo is genuine."),
        "foot": _("Fingerprint"),
        "sections": [_short(record), *_sections(record, gift=gift), _record(record)],
    }


def _sections(record: Record, *, gift: bool) -> Iterator[Section]:
    yield goods.need(record)
    yield goods.ordered(record)
    if not gift:
        yield goods.criteria(record)
    yield goods.offers(record)
    yield proof.checks(record)
    yield proof.findings(record)
    yield proof.lists(record)
    yield money.prices(record)
    yield people.companies(record)
    yield people.interests(record)
    yield people.approvals(record)
    yield money.payments(record)


def _short(record: Record) -> Section:
    """The decision in a few lines."""
    order = record.order
    names = _("; ").join(dict.fromkeys(lead.product.name for lead in record.chosen))
    pieces = money.pieces(sum(line.quantity for line in record.lines))
    needs = _("; ").join(need.reference for need in record.needs)
    approved = order.approved_by and f"{order.approved_by} · {words.moment(order.approved_at)}"
    total = words.money(order.total, order.currency)
    if order.total_here is not None and order.currency != order.city.currency:
        total = f"{total} = {words.money(order.total_here, order.city.currency)}"
    return section(
        _("In short"),
        facts(
            (_("Status"), Order.Status(record.memo.order_status).label),
            (_("What"), f"{pieces} · {names}"),
            (_("For"), needs),
            (_("Supplier"), order.supplier.name),
            (_("Total"), total),
            (_("Checks"), proof.counted(record)),
            (_("Approved by"), approved or _("nobody yet")),
            (_("Memo"), _which(record)),
        ),
    )


def _which(record: Record) -> str:
    memo = record.memo
    made = {"number": words.quantity(memo.number), "order": record.order.reference, "name": memo.author}
    return _("no. %(number)s of %(order)s, made by %(name)s; earlier ones stand beside it") % made


def _record(record: Record) -> Section:
    """How it can be proved later that neither this paper nor what it was made of has changed."""
    memo = record.memo
    head = memo.head or _("no entry was sealed yet")
    return section(
        _("The record"),
        sentences(
            _(
                "Everything above was read from the record at the moment named at the top of each page. "
                "The words are frozen: what changes later changes no memo."
            ),
            _(
                "The fingerprint at the foot of each page is the beginning of the SHA-256 of the words in all three languages. "
                "The page the QR leads to shows it, and the SHA-256 of this file in each language."
            ),
            _(
                "Entries of the journal are sealed into a chain. Its head as this memo was made is below: "
                "whoever keeps it can have the chain compared with it."
            ),
        ),
        facts(
            (_("Head of the chain"), head), (_("Entries of this order"), words.quantity(len(record.entries)))
        ),
    )
