"""What is said of goods that came: the note that they were received, and the report on their inspection."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.shipments.gathering.papers import told
from procurement.shipments.gathering.papers.blocks import Block, facts, heading, sentences, sign, table
from procurement.shipments.gathering.papers.record import Goods, Record
from procurement.shipments.gathering.papers.told import deliver_to
from procurement.shipments.models.arrival import Inspection, Lot
from procurement.shipments.models.measured import MeasuredPoint
from workflow.doors import words


def goods_received(record: Record) -> list[Block]:
    """What was counted at the door against what was sent: accepted + rejected + missing = sent; surplus apart, a reason for each."""
    shipment = record.shipment
    assert shipment is not None  # a note is of a shipment
    return [
        facts(
            (pgettext("goods", "Received by"), deliver_to(record)),
            (_("Sent by"), "\n".join(dict.fromkeys(told.company(order.supplier) for order in record.orders))),
            (_("Orders"), told.orders(record)),
            *told.carriage(record),
            (
                _("Delivered"),
                words.moment(shipment.delivered_at, record.city.zone) if shipment.delivered_at else "",
            ),
        ),
        table(
            [
                _("Goods"),
                pgettext("pieces", "Sent"),
                pgettext("pieces", "Accepted"),
                pgettext("pieces", "Rejected"),
                _("Missing"),
                _("Surplus"),
                _("Not counted yet"),
            ],
            [_counts(one) for one in record.goods],
            [7, 3, 3, 3, 3, 3, 3],
            figures=[1, 2, 3, 4, 5, 6],
        ),
        *_by_lot(record),
        *_reasons(record),
        sentences(_("Received is not released: the goods stay in quarantine until they are inspected.")),
        sign(_("Received by: name, signature"), _("Handed over by: name, signature"), _("Place and day")),
    ]


def _counts(one: Goods) -> list[object]:
    line = one.line
    assert line is not None  # goods of a shipment
    counts = (line.quantity, line.accepted, line.rejected, line.missing, line.surplus, line.uncounted)
    return [[one.product.name, one.order.reference], *(words.quantity(count) for count in counts)]


def _by_lot(record: Record) -> list[Block]:
    if not record.lots:
        return []
    names = {one.line.pk: one.product.name for one in record.goods if one.line}
    rows = [
        [
            [lot.number, lot.reference],
            names[lot.line_id],
            words.quantity(lot.quantity),
            words.day(lot.expires_on, short=True) if lot.expires_on else told.BLANK,
            lot.get_status_display(),
        ]
        for lot in record.lots
    ]
    head = [_("Lot"), _("Goods"), _("Quantity"), _("Expires"), _("Status")]
    return [heading(_("Lots")), table(head, rows, [4, 6, 3, 3, 4], figures=[2])]


def _reasons(record: Record) -> list[Block]:
    """Why something differs, as it was written at the door."""
    names = {one.line.pk: one.product.name for one in record.goods if one.line}
    rows = [
        [words.moment(one.receipt.received_at, record.city.zone), names[one.line_id], one.reason]
        for one in record.counted
        if one.reason
    ]
    if not rows:
        return []
    return [heading(_("Differences")), table([_("Counted"), _("Goods"), _("Reason")], rows, [4, 5, 7])]


def inspection_report(record: Record) -> list[Block]:
    """Each lot with every look at a sample: how many were drawn, how many may fail, how many did, what was measured, the verdict."""
    blocks = [
        facts(
            (_("City"), told.city(record)),
            (_("Shipment"), str(record.shipment)),
            (_("Orders"), told.orders(record)),
            (_("Sent by"), "\n".join(dict.fromkeys(told.company(order.supplier) for order in record.orders))),
        )
    ]
    for lot in record.lots:
        blocks += _lot(record, lot)
    return [
        *blocks,
        sentences(
            _(
                "Sampling by attributes as in ISO 2859-1: a lot passes with at most so many defective pieces in the sample."
            ),
            _(
                "The verdict is of the inspection. Whether the lot may be used was decided by a person, and stands at its head."
            ),
        ),
        sign(
            _("Inspected by: name, signature"),
            _("Released or refused by: name, signature"),
            _("Place and day"),
        ),
    ]


def _lot(record: Record, lot: Lot) -> list[Block]:
    one = next(one for one in record.goods if one.line and one.line.pk == lot.line_id)
    looks = [look for look in record.inspections if look.lot_id == lot.pk]
    told_of = [
        heading(_("Lot %(number)s") % {"number": f"{lot.number} · {lot.reference}"}),
        facts(
            (_("Goods"), one.product.name),
            (_("Brand and model"), one.lead.model),
            (_("Standard"), str(one.lead.standard or "")),
            (_("Quantity"), told.pieces(lot.quantity, one)),
            (_("Expires"), words.day(lot.expires_on) if lot.expires_on else ""),
            (_("Status"), lot.get_status_display()),
            (_("Condition"), lot.condition or None),
            (_("Why released without inspection"), lot.override_reason or None),
        ),
    ]
    if not looks:
        return [*told_of, sentences(_("Not inspected yet."))]
    head = [
        _("Inspected"),
        _("Level and AQL"),
        _("Sample"),
        _("Defective"),
        _("Accepted up to"),
        _("Verdict"),
    ]
    rows = [_look(record, look) for look in looks]
    plan = table([*head, _("What else was measured")], rows, [4, 3, 3, 3, 3, 3, 4], figures=[2, 3, 4])
    return [*told_of, plan, *(block for look in looks for block in _points(record, look))]


def _points(record: Record, look: Inspection) -> list[Block]:
    """What a look found point by point, each beside the limit that held on its day; what nobody measured is left out."""
    found = [one for one in look.points.all() if one.outcome != MeasuredPoint.Outcome.NOT_MEASURED]
    if not found:
        return []
    when = words.moment(look.at, record.city.zone)
    head = [_("Point of the checklist"), _("Found"), _("Limit"), _("Outcome")]
    rows = [[one.point.name, _reached(one), _limit(one), one.get_outcome_display()] for one in found]
    title = heading(_("What was measured or seen, %(when)s") % {"when": when})
    return [title, table(head, rows, [7, 4, 5, 4])]


def _reached(one: MeasuredPoint) -> str:
    if one.value is None:
        return _("seen") if one.seen else _("not seen")
    return one.reached


def _limit(one: MeasuredPoint) -> str:
    return f"{one.bound_words} {one.limited}" if one.limited else one.get_bound_display()


def _look(record: Record, look: Inspection) -> list[object]:
    return [
        words.moment(look.at, record.city.zone),
        f"{look.level} · {words.decimals(look.aql, least=1, most=3)}",
        words.quantity(look.sampled),
        words.quantity(look.defects),
        words.quantity(look.accept_at_most),
        look.get_verdict_display(),
        look.measured or told.BLANK,
    ]
