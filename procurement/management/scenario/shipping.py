"""Two shipments: the gift comes with wet cartons, is counted, inspected and released; the purchase is held at import for a paper."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.management.scenario import pictures
from procurement.management.scenario.stage import Stage, moment
from procurement.orders.models.order import Order
from procurement.shipments.actions import arrivals, customs, inspections, journey, planning
from procurement.shipments.actions.customs import (
    DeclaredLine,
    accept_paper,
    begin_paper,
    file_paper,
    place_hold,
    ready_paper,
    release_lane,
)
from procurement.shipments.actions.lots import release_lot
from procurement.shipments.actions.planning import Boxes, Load, assign_broker, review_papers
from procurement.shipments.actions.tracking import hearing, planned
from procurement.shipments.gathering.looking import Looking
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.inspections import Reading
from procurement.shipments.rules.receipts import Count
from workflow import actions

HS_CODE = "6307909899"  # textile articles, masks among them, with Canada's last digits
AT_DEPARTURE, AT_DELIVERY = "depart", "deliver"
ESTABLISHMENT_LICENCE = "MDEL"


def plan(stage: Stage, key: str, order: Order, **facts: Any) -> Shipment:
    """Plan everything of an order by air, with a customs broker."""
    user, by = stage.staff["logistics"], stage.by("logistics")
    loads = [Load(line, line.to_ship) for line in order.lines.order_by("pk")]
    shipment = planning.plan(loads, mode="air", destination="CAVAN", author=user, by=by, at=stage.at, **facts)
    stage.shipments[key] = assign_broker(shipment, stage.staff["broker"], by=by, at=stage.at)
    return shipment


def pack(stage: Stage, key: str, pieces: int, lot: str) -> None:
    """Boxes of one size and one lot."""
    shipment = stage.shipments[key]
    line = shipment.lines.get()
    boxes = [Boxes(line, pieces, line.quantity // pieces, lot)]
    planning.pack(shipment, boxes, by=stage.by("logistics"), at=stage.at)


def hand_in(stage: Stage, papers: Iterable[CustomsPaper], part: str, *, take: bool = True) -> None:
    """Papers from wherever they stand to handed in, and taken."""
    by = stage.by(part)
    for paper in papers:
        if paper.status == CustomsPaper.Status.MISSING:
            begin_paper(paper, by=by, at=stage.at)
        if paper.status == CustomsPaper.Status.DRAFT:
            ready_paper(paper, number=f"DEMO-{paper.code}-{paper.pk:04d}", by=by, at=stage.at)
        file_paper(paper, by=by, at=stage.at)
        if take:
            accept_paper(paper, by=by, at=stage.at)


def papers(stage: Stage, key: str, due: str) -> list[CustomsPaper]:
    """The blocking papers that are due before a step."""
    return list(stage.shipments[key].papers.filter(blocks=True, due_before=due).order_by("pk"))


def clear(stage: Stage, key: str, side: str, office: str) -> None:
    """Declared at an office and released by it."""
    by = stage.by("broker" if side == "import" else "logistics")
    lane = stage.shipments[key].lanes.get(side=side)
    declare(stage, key, side, office, part="broker" if side == "import" else "logistics")
    lane.refresh_from_db()
    release_lane(lane, by=by, at=stage.at)


def declare(stage: Stage, key: str, side: str, office: str, *, part: str) -> None:
    """What is declared, at its true value."""
    line = stage.shipments[key].lines.select_related("order_line__order").get()
    order_line = line.order_line
    told = DeclaredLine(
        hs_code=HS_CODE,
        origin="CN",
        value=(order_line.unit_price * line.quantity).quantize(Decimal("0.01")),
        currency=order_line.order.currency,
    )
    customs.declare(
        stage.shipments[key].lanes.get(side=side),
        number=f"DEMO-{side.upper()}-{line.pk:04d}",
        lines=[told],
        office=office,
        by=stage.by(part),
        at=stage.at,
    )


def gift_is_planned(stage: Stage) -> None:
    """Ten cartons from Guiyang, before the export rules of the first of April."""
    plan(
        stage,
        "gift",
        stage.orders["gift"],
        origin="CNKWE",
        carrier="DEMO Air Cargo",
        voyage="DM 102",
        air_waybill="000-1000001 2",
        gross_kg=Decimal("98.0"),
        planned={
            "departed": moment("2020-03-31 12:00"),
            "arrived": moment("2020-04-02 09:00"),
            "delivered": moment("2020-04-03 12:00"),
        },
    )
    pack(stage, "gift", 2_000, "QL200318")


def gift_departs(stage: Stage) -> None:
    """The papers are in hand, the export is released."""
    hand_in(stage, papers(stage, "gift", AT_DEPARTURE), "logistics")
    clear(stage, "gift", "export", "Guiyang Customs (DEMO)")
    journey.depart(stage.shipments["gift"], by=stage.by("logistics"), at=stage.at)


def gift_arrives(stage: Stage) -> None:
    """In Vancouver; the broker hands in what is needed, and customs lets it go."""
    journey.arrive(stage.shipments["gift"], by=stage.by("logistics"), at=stage.at)
    hand_in(stage, papers(stage, "gift", AT_DELIVERY), "broker")
    clear(stage, "gift", "import", "CBSA Vancouver (DEMO)")


def gift_is_counted(stage: Stage) -> None:
    """Delivered with damaged cartons: one is soaked, one was opened on the way."""
    shipment, by = stage.shipments["gift"], stage.by("logistics")
    user = stage.staff["logistics"]
    journey.deliver(shipment, received_by=user, by=by, at=stage.at)
    count = Count(
        line=shipment.lines.get(),
        accepted=18_400,
        rejected=1_000,
        missing=600,
        lot_number="QL200318",
        expires_on=date(2022, 3, 17),
        reason="Carton 7 soaked by rain, half of it wet; carton 9 opened on the way, twelve bags gone.",
    )
    arrivals.receive(
        shipment, [count], received_by=user, cartons=10, remark="Two cartons damaged.", by=by, at=stage.at
    )
    upload = SimpleUploadedFile(
        "delivery-note.pdf",
        pictures.pdf("Carton 7 wet, carton 9 open", "DEMO delivery note"),
        "application/pdf",
    )
    actions.attach(shipment, upload, by=by, at=stage.at, kind="photo")
    actions.comment(
        shipment,
        "Carrier's claim form filled in at the dock. Nobody in Guiyang is to blame; we say so in the letter.",
        by=by,
        at=stage.at,
        language="en",
    )


def _at_their_limits(lot: Lot) -> list[Reading]:
    """What the laboratory measured of the points with a firm limit: just what each asks for."""
    firm = [point for point in Looking.at(lot).points if point.blocks and point.limit is not None]
    return [
        Reading(key=one.key, value=one.limit if one.within(one.limit) else one.limit - 1)
        for one in firm
        if one.limit is not None
    ]


def gift_is_released(stage: Stage) -> None:
    """A sample of the lot is inspected; it passes, and goes to the wards."""
    lot = stage.shipments["gift"].lots.get()
    by = stage.by("logistics")
    inspections.inspect(
        lot,
        sampled=315,
        defects=3,
        verdict="passed",
        readings=_at_their_limits(lot),
        measured="Ear loops, seams, marking; splash test on five pieces",
        inspector=stage.staff["logistics"],
        by=by,
        at=stage.at,
    )
    release_lot(lot, by=by, at=stage.at)


def gift_is_closed(stage: Stage) -> None:
    """The shipment is closed: the register of twinnings learns of the gift."""
    journey.close(stage.shipments["gift"], by=stage.by("logistics"), at=stage.at)


def purchase_is_planned(stage: Stage) -> None:
    """Fifty cartons from Zhongshan through Guangzhou, by the rules of the sixth of April."""
    plan(
        stage,
        "purchase",
        stage.orders["purchase"],
        origin="CNCAN",
        carrier="DEMO Air Cargo",
        voyage="DM 118",
        air_waybill="000-1000002 3",
        gross_kg=Decimal("512.5"),
        planned={
            "departed": moment("2020-04-10 12:00"),
            "arrived": moment("2020-04-12 09:00"),
            "delivered": moment("2020-04-15 12:00"),
        },
    )


def purchase_is_packed(stage: Stage) -> None:
    """Fifty boxes of two thousand."""
    pack(stage, "purchase", 2_000, "AL200408")


def purchase_departs(stage: Stage) -> None:
    """Since the tenth customs inspects medical masks, so the papers are looked up again; then everything is in hand."""
    shipment, by = stage.shipments["purchase"], stage.by("logistics")
    review_papers(shipment, by=by, at=stage.at)
    hand_in(stage, papers(stage, "purchase", AT_DEPARTURE), "logistics")
    clear(stage, "purchase", "export", "Huangpu Customs, Guangzhou (DEMO)")
    hearing.hear(
        shipment,
        "RCS",
        code_system="iata",
        occurred_at=stage.at,
        place="CNCAN",
        pieces=50,
        by=by,
        at=stage.at,
    )
    journey.depart(shipment, by=by, at=stage.at)


def purchase_arrives(stage: Stage) -> None:
    """In Vancouver; the broker declares it, with every paper but one."""
    shipment, by = stage.shipments["purchase"], stage.by("logistics")
    hearing.hear(
        shipment,
        "ARR",
        code_system="iata",
        occurred_at=stage.at,
        place="CAVAN",
        pieces=50,
        by=by,
        at=stage.at,
    )
    journey.arrive(shipment, by=by, at=stage.at)
    in_hand = [
        paper for paper in papers(stage, "purchase", AT_DELIVERY) if paper.code != ESTABLISHMENT_LICENCE
    ]
    hand_in(stage, in_hand, "broker", take=False)
    declare(stage, "purchase", "import", "CBSA Vancouver (DEMO)", part="broker")


def purchase_is_held(stage: Stage) -> None:
    """Customs asks for the paper that is missing; the estimate moves, and the city is told who has it."""
    shipment = stage.shipments["purchase"]
    place_hold(
        shipment.lanes.get(side="import"),
        reason="The establishment licence of the importer is missing.",
        question="Under which medical device establishment licence does the city import?",
        by=stage.by("broker"),
        at=stage.at,
    )
    planned.estimate(
        shipment,
        "delivered",
        moment("2020-04-17 15:00"),
        said_by="Quinn Harrowgate DEMO",
        by=stage.by("broker"),
        at=stage.at,
    )
    missing = shipment.papers.get(code=ESTABLISHMENT_LICENCE, lane__side="import")
    begin_paper(missing, by=stage.by("logistics"), at=stage.at)
    actions.comment(
        shipment,
        "The health authority's licence may cover us. I asked them for its number; they answer tomorrow.",
        by=stage.by("logistics"),
        at=stage.at,
        language="en",
    )
