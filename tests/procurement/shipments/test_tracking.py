"""What was heard of a shipment: kept as it came, in our own steps; repeated and late events change nothing twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from procurement.leads.models import Finding
from procurement.leads.screening import sentence
from procurement.shipments import actions
from procurement.shipments.models import Shipment, TrackingEvent
from procurement.shipments.rules import actual_of, parcels_short, step_of
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import DOOR, HERE, SENT, Voyage
from tests.procurement.story import AT
from workflow.models import Entry

GUARDED = ("ready", "export_cleared", "departed", "arrived", "import_cleared", "delivered", "inspected")
WAY = {"origin": "CNCAN", "destination": "CAVAN"}


@pytest.mark.parametrize(
    ("system", "code", "place", "step"),
    [
        ("own", "departed", "", "departed"),
        ("own", "lunch", "", ""),
        ("iata", "RCS", "CNCAN", "picked_up"),
        ("iata", "FOH", "CNCAN", ""),
        ("iata", "DEP", "CNCAN", "departed"),
        ("iata", "DEP", "HKHKG", ""),
        ("iata", "ARR", "HKHKG", ""),
        ("iata", "RCF", "CAVAN", "arrived"),
        ("iata", "ARR", "", "arrived"),
        ("iata", "CCD", "", "import_cleared"),
        ("iata", "DLV", "CAVAN", "delivered"),
        ("iata", "TGC", "CAVAN", ""),
        ("dcsa", "GTIN", "CNNSA", "picked_up"),
        ("dcsa", "DEPA", "", "departed"),
        ("dcsa", "DISC", "CAVAN", "arrived"),
        ("dcsa", "CUSR", "CNCAN", "export_cleared"),
        ("dcsa", "RELS", "CAVAN", "import_cleared"),
        ("dcsa", "CUSR", "", ""),
        ("iftsta", "13", "", "picked_up"),
        ("iftsta", "21", "", "delivered"),
    ],
)
def test_a_carriers_code_is_read_as_our_own_step(system: str, code: str, place: str, step: str) -> None:
    assert step_of(system, code, place=place, **WAY) == step


def event(
    step: str, hour: int, system: str = "iata", code: str = "X", pieces: int | None = None, **facts: Any
) -> TrackingEvent:
    """An event as it would be kept, recorded in the order of `pk`."""
    return TrackingEvent(
        step=step,
        code_system=system,
        code=code,
        occurred_at=datetime(2020, 4, 20, hour, tzinfo=UTC),
        recorded_at=AT,
        pieces=pieces,
        **facts,
    )


def test_a_hand_over_is_the_first_event_whatever_the_order_heard() -> None:
    for order in permutations([event("picked_up", 9), event("picked_up", 7), event("arrived", 6)]):
        found = actual_of("picked_up", order)
        assert found is not None
        assert found.hour == 7


def test_what_our_own_people_said_counts_before_what_carriers_say() -> None:
    for step in ("picked_up", "departed"):
        heard = [event(step, 7), event(step, 9, "own", pk=1), event(step, 8, "own", pk=2)]
        found = actual_of(step, heard)
        assert found is not None
        assert found.hour == 8


@pytest.mark.parametrize("step", GUARDED)
def test_what_carriers_say_of_a_step_with_a_move_is_only_heard(step: str) -> None:
    assert actual_of(step, [event(step, 7), event(step, 9, "dcsa")]) is None


def test_a_step_nobody_spoke_of_has_not_happened() -> None:
    assert actual_of("delivered", [event("departed", 7)]) is None


@pytest.mark.parametrize(
    ("events", "short"),
    [
        ([], 0),
        ([event("picked_up", 7, pieces=120)], 0),
        ([event("arrived", 7, pieces=120)], 0),
        ([event("picked_up", 7, pieces=120), event("arrived", 9, code="RCF", pieces=118)], 2),
        (
            [
                event("picked_up", 7, pieces=120),
                event("arrived", 9, code="ARR", pieces=120),
                event("arrived", 9, code="RCF", pieces=60),
                event("arrived", 12, code="RCF", pieces=60),
            ],
            0,
        ),
        ([event("picked_up", 7, pieces=100), event("arrived", 9, pieces=120)], 0),
    ],
)
def test_parcels_that_did_not_arrive_are_counted_per_code(events: list[TrackingEvent], short: int) -> None:
    assert parcels_short(events) == short


def hear(story: Voyage, shipment: Shipment, code: str, at: datetime, **facts: Any) -> TrackingEvent:
    given = {"code_system": "iata", "occurred_at": at, **facts}
    return actions.hear(shipment, code, by=story.logistics.by, at=max(at, SENT), **given)


def test_an_event_is_kept_and_gives_its_step_a_time(story: Voyage) -> None:
    shipment = story.departed()
    heard = hear(
        story, shipment, "RCS", SENT - timedelta(hours=8), place="CNCAN", pieces=10, remark="by phone"
    )
    assert (heard.step, heard.by, heard.pieces) == ("picked_up", story.logistics.user, 10)
    assert shipment.milestones.get(step="picked_up").actual_at == SENT - timedelta(hours=8)
    assert shipment.handed_over_at == SENT - timedelta(hours=8)
    assert str(heard) == f"{shipment.reference}: RCS"


@pytest.mark.parametrize("ids", [{}, {"external_id": "carrier-77"}])
def test_the_same_event_heard_again_changes_nothing(story: Voyage, ids: dict[str, str]) -> None:
    shipment = story.departed()
    first = hear(story, shipment, "RCS", SENT - timedelta(hours=8), **ids)
    told = Entry.objects.count()
    again = hear(story, shipment, "RCS", SENT - timedelta(hours=8), **ids)
    assert first == again
    assert Entry.objects.count() == told


def test_a_late_event_does_not_undo_an_earlier_one(story: Voyage) -> None:
    shipment = story.departed()
    for hours in (8, 3, 9):
        hear(story, shipment, "RCS", SENT - timedelta(hours=hours), place="CNCAN")
    assert shipment.milestones.get(step="picked_up").actual_at == SENT - timedelta(hours=9)


def test_no_event_moves_the_shipment(story: Voyage) -> None:
    shipment = story.packed()
    hear(story, shipment, "DEP", AT)
    assert shipment.status == "packed"


@pytest.mark.parametrize("step", GUARDED)
def test_a_step_with_a_move_is_not_said_beside_it(story: Voyage, step: str) -> None:
    for shipment in (story.plan(), story.delivered()):
        with refused("step_has_a_move", shipment) as caught:
            actions.hear(shipment, step, occurred_at=AT, by=story.logistics.by, at=DOOR)
        assert caught.value.details["field"] == "code"
        assert caught.value.details["move"] in ("pack", "release", "depart", "arrive", "deliver")
        assert not shipment.events.filter(step=step).exclude(external_id__startswith="move:").exists()


@pytest.mark.parametrize(
    ("system", "code", "step"),
    [
        ("iata", "DEP", "departed"),
        ("iata", "ARR", "arrived"),
        ("iata", "CCD", "import_cleared"),
        ("iata", "DLV", "delivered"),
        ("dcsa", "DEPA", "departed"),
        ("iftsta", "21", "delivered"),
    ],
)
def test_a_carriers_word_of_a_step_waits_for_the_move(
    story: Voyage, system: str, code: str, step: str
) -> None:
    shipment = story.plan()
    assert shipment.papers_missing
    heard = hear(story, shipment, code, AT, code_system=system)
    assert heard.step == step
    shipment.refresh_from_db()
    assert shipment.status == "planned"
    assert shipment.milestones.get(step=step).actual_at is None
    shipment = story.delivered(shipment)
    made = {"departed": SENT, "arrived": HERE, "import_cleared": AT, "delivered": DOOR}
    assert shipment.milestones.get(step=step).actual_at == made[step]
    assert shipment.events.filter(step=step).count() == 2, "what was heard stays beside what was done"


def test_the_ids_of_moves_are_theirs(story: Voyage) -> None:
    shipment = story.packed()
    facts: dict[str, Any] = {"occurred_at": AT, "by": story.logistics.by, "at": AT}
    with refused("id_reserved", shipment):
        actions.hear(shipment, "picked_up", external_id="move:departed", **facts)
    kept = actions.hear(shipment, "RCS", code_system="iata", external_id="move:departed", **facts)
    assert kept.step == "picked_up"


def test_a_code_that_means_nothing_here_is_kept_as_heard(story: Voyage) -> None:
    shipment = story.departed()
    assert hear(story, shipment, "TGC", SENT, place="CAVAN").step == ""


def test_what_has_not_happened_is_no_event(story: Voyage) -> None:
    shipment = story.departed()
    with refused("not_yet", shipment):
        actions.hear(
            shipment, "picked_up", occurred_at=SENT + timedelta(hours=1), by=story.logistics.by, at=SENT
        )


def test_only_who_follows_the_shipment_says_what_was_heard(story: Voyage) -> None:
    shipment = story.departed()
    for role in ("approver", "observer", "stranger", "broker"):
        with refused("not_allowed", shipment):
            actions.hear(shipment, "delivered", occurred_at=SENT, by=getattr(story, role).by, at=SENT)


def test_an_estimate_says_who_said_it(story: Voyage) -> None:
    shipment = story.departed()
    actions.estimate(shipment, "arrived", HERE, said_by="DEMO Air", by=story.logistics.by, at=SENT)
    step = shipment.milestones.get(step="arrived")
    assert (step.estimated_at, step.estimated_by) == (HERE, "DEMO Air")
    assert str(step) == f"{shipment.reference}: Arrived in the country"
    entry = Entry.objects.get(verb="estimate")
    assert entry.facts == {"step": "arrived", "expected_at": HERE.isoformat()}


def test_an_estimated_delivery_is_the_day_at_the_receiving_city(story: Voyage) -> None:
    shipment = story.departed()
    late = datetime(2020, 4, 28, 3, tzinfo=UTC)  # the evening before in Vancouver
    actions.estimate(shipment, "delivered", late, by=story.logistics.by, at=SENT)
    assert shipment.expected_on == date(2020, 4, 27)
    assert shipment.milestones.get(step="delivered").estimated_by == str(story.logistics.by.label)


def planned_of(shipment: Shipment) -> dict[str, datetime]:
    known = shipment.milestones.exclude(planned_at=None)
    return dict(known.values_list("step", "planned_at"))


def test_steps_are_planned_and_planned_anew_until_the_goods_leave(story: Voyage) -> None:
    shipment = story.plan(planned={"departed": SENT, "delivered": DOOR})
    actions.schedule(shipment, {"arrived": HERE, "delivered": None}, by=story.logistics.by, at=AT)
    assert planned_of(shipment) == {"departed": SENT, "arrived": HERE}
    story.packed(shipment)
    actions.schedule(shipment, {"departed": SENT + timedelta(hours=3)}, by=story.logistics.by, at=AT)
    assert planned_of(shipment) == {"departed": SENT + timedelta(hours=3), "arrived": HERE}
    told = [entry.facts["planned"] for entry in Entry.objects.filter(verb="schedule").order_by("pk")]
    assert told[0] == {"arrived": HERE.isoformat(), "delivered": None}
    gone = story.departed(story.plan(story.ready()))
    with refused("wrong_status", gone):
        actions.schedule(gone, {"arrived": HERE}, by=story.logistics.by, at=SENT)


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        ({"lunch": SENT}, "no_such_step"),
        ({"departed": HERE, "arrived": SENT}, "out_of_order"),
        ({"departed": SENT, "delivered": AT}, "out_of_order"),
        ({"ready": SENT}, "step_done"),
    ],
)
def test_what_is_planned_are_steps_to_come_one_after_another(
    story: Voyage, planned: dict[str, datetime], code: str
) -> None:
    shipment = story.packed()
    with refused(code, shipment) as caught:
        actions.schedule(shipment, planned, by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == "planned"
    if code != "step_done":
        order = story.ready()
        with refused(code, order):
            story.plan(order, planned=planned)


def test_an_import_may_be_planned_to_be_cleared_before_the_goods_are_here(story: Voyage) -> None:
    planned = {"import_cleared": SENT, "arrived": HERE}
    assert planned_of(story.plan(planned=planned)) == planned


def test_what_has_happened_is_not_estimated(story: Voyage) -> None:
    shipment = story.departed()
    with refused("step_done", shipment):
        actions.estimate(shipment, "departed", HERE, by=story.logistics.by, at=SENT)
    with refused("no_such_step", shipment):
        actions.estimate(shipment, "lunch", HERE, by=story.logistics.by, at=SENT)


# --- what shipping shows about an offer -------------------------------------------------------------------------
def finding(shipment: Shipment, code: str) -> Finding:
    return shipment.lines.get().order_line.allocation.lead.findings.get(code=code)


def test_a_departure_no_carrier_confirmed_in_two_days_is_noted_on_the_offer(story: Voyage) -> None:
    shipment = story.departed()
    assert actions.watch(SENT + timedelta(hours=47)) == 0
    assert actions.watch(SENT + timedelta(hours=48)) == 1
    noted = finding(shipment, "no_hand_over")
    assert (noted.severity, noted.status) == ("warn", "open")
    assert shipment.reference in sentence(noted.code, noted.figures)
    assert actions.watch(SENT + timedelta(hours=49)) == 0


def test_a_hand_over_heard_late_clears_it(story: Voyage) -> None:
    shipment = story.departed()
    actions.watch(SENT + timedelta(hours=48))
    hear(story, shipment, "RCS", SENT)
    assert finding(shipment, "no_hand_over").status == "gone"


def test_an_arrival_clears_it_too(story: Voyage) -> None:
    shipment = story.departed()
    actions.watch(SENT + timedelta(hours=48))
    actions.arrive(shipment, by=story.logistics.by, at=HERE)
    assert finding(shipment, "no_hand_over").status == "gone"


def test_parcels_lost_on_the_way_are_noted_on_the_offer(story: Voyage) -> None:
    shipment = story.departed()
    hear(story, shipment, "RCS", SENT, pieces=10)
    hear(story, shipment, "RCF", HERE, pieces=9)
    noted = finding(shipment, "parcels_short")
    assert noted.figures == {"shipment": shipment.reference, "parcels": 1}
    hear(story, shipment, "RCF", HERE + timedelta(hours=1), pieces=1)
    noted.refresh_from_db()
    assert noted.status == "gone"


def test_what_one_shipment_shows_stays_when_another_is_heard_of(story: Voyage) -> None:
    order = story.ready()
    first, second = story.departed(story.plan(order, part=5_000)), story.departed(story.plan(order))
    actions.watch(SENT + timedelta(hours=48))
    hear(story, second, "RCS", SENT + timedelta(hours=49))
    lead = order.lines.get().allocation.lead
    standing = lead.findings.filter(code="no_hand_over").exclude(status="gone")
    assert [one.subject for one in standing] == [first.reference]
