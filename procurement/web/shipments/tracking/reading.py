"""A file of events: its columns, how its cells are read, what is wrong by row and column, and what it would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from partners.exchange import files
from partners.exchange.columns import Column, choice, text, whole
from partners.exchange.faults import Bad, Fault, Faulty
from partners.rules.powers import Powers
from procurement.requests.models import MOST
from procurement.shipments.actions.tracking.batches import Heard
from procurement.shipments.gathering.heard import sort_out
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Classifier, TrackingEvent
from procurement.shipments.rules.shipments import HEAR
from procurement.shipments.rules.tracking import identity
from procurement.shipments.rules.tracking.conflicts import told
from procurement.shipments.rules.tracking.identity import not_yet
from procurement.shipments.rules.tracking.steps import sayable
from workflow.errors import Words

MOST_ROWS = 2_000


def moment(cell: str) -> datetime | None:
    """A moment as ISO 8601 writes it; without a zone, by UTC."""
    if not cell:
        return None
    try:
        found = parse_datetime(cell)
    except ValueError:
        found = None
    if found is None:
        raise Bad(_("Write the moment as 2020-04-16 23:40 (UTC) or 2020-04-16T23:40:00-07:00."))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


COLUMNS = (
    Column("shipment", text(20), required=True, label=_("Shipment")),
    Column("code", text(20), required=True, label=_("Code")),
    Column("occurred_at", moment, required=True, label=_("When")),
    Column("code_system", choice(TrackingEvent.CodeSystem), label=_("Code system")),
    Column("classifier", choice(Classifier), label=_("Happened, planned, estimated")),
    Column("place", text(100), label=_("Where")),
    Column("pieces", whole(most=MOST), label=_("Pieces")),
    Column("external_id", text(100), label=_("Sender's number")),
    Column("source", text(60), label=_("Source")),
    Column("remark", text(1000), label=_("Remark")),
)


@dataclass(frozen=True)
class Row:
    """A row of the file beside what it would do."""

    number: int
    event: TrackingEvent
    fresh: bool
    disputes: tuple[Words, ...]


def read(content: bytes, source: str, by: Powers, at: datetime) -> list[tuple[int, Heard]]:
    """The events of a file with their rows. Raises Faulty with all that is wrong with it, and with what may not be said."""
    rows = files.read(content, COLUMNS)
    if len(rows) > MOST_ROWS:
        words = _("The file has more than %(most)s rows. Send it in parts, or through the API.")
        raise Faulty([Fault(1, "", words % {"most": MOST_ROWS})])
    named = {row["shipment"] for _number, row in rows}
    known = {one.reference: one for one in Shipment.objects.visible_to(by).filter(reference__in=named)}
    faults: list[Fault] = []
    found: list[tuple[int, Heard]] = []
    for number, row in rows:
        shipment = known.get(row.pop("shipment"))
        if shipment is None:
            words = _("There is no such shipment here, or none that you may see.")
            faults.append(Fault(number, "shipment", words))
            continue
        given = {name: value for name, value in row.items() if value not in ("", None)}
        heard = Heard(shipment=shipment, **{"source": source, **given})
        refused = _refused(heard, by, at)
        if refused is not None:
            faults.append(Fault(number, *refused))
        found.append((number, heard))
    if faults:
        raise Faulty(faults)
    return found


def _refused(heard: Heard, by: Powers, at: datetime) -> tuple[str, Words] | None:
    """At which column, and why, an event may not be said."""
    answers = (
        ("shipment", HEAR.refusal(by, heard.shipment, at)),
        ("occurred_at", not_yet(heard.event(by, at), at)),
        ("code", sayable(heard.event(by, at))),
    )
    return next(((column, no.message) for column, no in answers if no is not None), None)


def foreseen(rows: Sequence[tuple[int, Heard]], by: Powers, at: datetime) -> list[Row]:
    """What each row would do: something new, or heard before; and what it would not agree with."""
    events = [heard.event(by, at) for _number, heard in rows]
    fresh, _again = sort_out(events)
    new = {id(event) for event in fresh}
    for event in (one for one in events if id(one) not in new):  # named as its first was
        identity.read(event, event.shipment)
    for number, event in enumerate(fresh, start=1):
        event.pk = -number  # told apart from what is kept; never saved
    about = {event.shipment_id for event in fresh}
    kept = TrackingEvent.objects.filter(shipment__in=about)
    disputes: dict[int, tuple[Words, ...]] = {}
    for pk in about:
        both = [one for one in (*kept, *fresh) if one.shipment_id == pk]
        disputes |= {word.event.pk: word.disputes for word in told(both)}
    return [
        Row(number, event, id(event) in new, disputes.get(event.pk, ()) if id(event) in new else ())
        for (number, _heard), event in zip(rows, events, strict=True)
    ]
