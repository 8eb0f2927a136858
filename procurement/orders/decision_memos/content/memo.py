"""Text of a decision memo in three languages, as sections of plain blocks, built from the record (`OrderRecord`).

Reads only.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partners.place_labels import letterhead_city_label
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.decision_memos.content.content_blocks import (
    Section,
    facts_block,
    memo_section,
    sentences_block,
)
from procurement.orders.decision_memos.content.evidence import (
    checks_section,
    evidence_summary,
    findings_section,
    watchlists_section,
)
from procurement.orders.decision_memos.content.goods import (
    criteria_section,
    need_section,
    offers_section,
    order_section,
)
from procurement.orders.decision_memos.content.money import payments_section, piece_count_text, prices_section
from procurement.orders.decision_memos.content.people import (
    approvals_section,
    companies_section,
    interests_section,
)
from procurement.orders.decision_memos.content.record import OrderRecord
from procurement.orders.decision_memos.models import DecisionMemo
from procurement.orders.models import Order
from workflow.formatting import format_moment, format_money, format_quantity
from workflow.i18n import LANGUAGES

type Content = dict[str, Any]


def memo_content(memo: DecisionMemo, *, at: datetime) -> dict[str, Content]:
    """Return the memo by language: en, fr, zh. Times are in the city's time zone.

    The record is read once for all languages.
    """
    record = OrderRecord(memo, at)
    content = {}
    for short, language in LANGUAGES.items():
        with (
            translation.override(language),
            timezone.override(record.order.city.zone),
        ):
            content[short] = _memo_in_language(short, record)
    return content


def _memo_in_language(language: str, record: OrderRecord) -> Content:
    memo, order = record.memo, record.order
    gift = order.kind == AcquisitionType.DONATION
    return {
        "language": language,
        "title": _("Decision memo"),
        "sender": letterhead_city_label(order.city.name),
        "number": _("No. %(number)s") % {"number": memo.reference},
        "order": order.reference,
        "about": f"{order.get_kind_display()} · {order.supplier.name}",
        "as_of": _("As of %(moment)s")
        % {"moment": format_moment(record.recorded_at, order.city.timezone or "UTC")},
        "scan": _("Scan this code to verify the memo on our website."),
        "foot": _("Fingerprint"),
        "sections": [_summary_section(record), *_all_sections(record, gift=gift), _proof_section(record)],
    }


def _all_sections(record: OrderRecord, *, gift: bool) -> Iterator[Section]:
    yield need_section(record)
    yield order_section(record)
    if not gift:
        yield criteria_section(record)
    yield offers_section(record)
    yield checks_section(record)
    yield findings_section(record)
    yield watchlists_section(record)
    yield prices_section(record)
    yield companies_section(record)
    yield interests_section(record)
    yield approvals_section(record)
    yield payments_section(record)


def _summary_section(record: OrderRecord) -> Section:
    """Return the summary section."""
    order = record.order
    names = _("; ").join(dict.fromkeys(lead.product.name for lead in record.chosen_leads))
    pieces = piece_count_text(sum(line.quantity for line in record.lines))
    needs = _("; ").join(need.reference for need in record.needs)
    approved = order.approved_by and f"{order.approved_by} · {format_moment(order.approved_at)}"
    total = format_money(order.total, order.currency)
    if order.total_in_city_currency is not None and order.currency != order.city.currency:
        total = f"{total} = {format_money(order.total_in_city_currency, order.city.currency)}"
    return memo_section(
        _("Summary"),
        facts_block(
            (_("Status"), Order.Status(record.memo.order_status).label),
            (_("Goods"), f"{pieces} · {names}"),
            (_("For need"), needs),
            (_("Supplier"), order.supplier.name),
            (_("Total"), total),
            (_("Checks"), evidence_summary(record)),
            (_("Approved by"), approved or _("no one yet")),
            (_("Memo"), _memo_number_text(record)),
        ),
    )


def _memo_number_text(record: OrderRecord) -> str:
    memo = record.memo
    created = {"number": format_quantity(memo.number), "order": record.order.reference, "name": memo.author}
    return _("no. %(number)s for %(order)s, created by %(name)s; earlier memos are kept") % created


def _proof_section(record: OrderRecord) -> Section:
    """Return the section on proof: that neither the memo nor its sources have changed since."""
    memo = record.memo
    head = memo.head or _("no entry has been sealed yet")
    return memo_section(
        _("Record"),
        sentences_block(
            _(
                "Everything above was read from the record at the time shown at the top of each page. The "
                "text is frozen: later changes do not affect this memo."
            ),
            _(
                "The fingerprint at the bottom of each page is the start of the SHA-256 of the "
                "text in all three languages. The page linked by the QR code shows it, with the "
                "SHA-256 of this file in each language."
            ),
            _(
                "Journal entries are sealed in a chain. The head of the chain when this memo was created is "
                "shown below. Anyone who keeps a copy can use it to have the chain checked."
            ),
        ),
        facts_block(
            (_("Head of the chain"), head),
            (_("Entries for this order"), format_quantity(len(record.journal_entries))),
        ),
    )
