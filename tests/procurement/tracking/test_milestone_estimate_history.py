"""Tests of the history of milestone estimates, each with its author and time, and of the time zones of milestones."""

from datetime import timedelta

from procurement.shipments.models import MilestoneChange
from procurement.tracking.actions.schedule import estimate_step
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey


def test_every_estimated_date_is_kept_with_author_and_time(story: Journey) -> None:
    shipment = story.departed()
    for days, who in ((0, "DEMO Air"), (2, "DEMO Air"), (3, "")):
        estimate_step(
            shipment,
            "arrived",
            ARRIVED_AT + timedelta(days=days),
            reported_by=who,
            by=story.logistics.by,
            at=DEPARTED_AT + timedelta(days=days),
        )
    step = shipment.milestones.get(step="arrived")
    changes = list(MilestoneChange.objects.filter(milestone=step).order_by("pk"))
    assert [change.expected_at for change in changes] == [
        ARRIVED_AT,
        ARRIVED_AT + timedelta(days=2),
        ARRIVED_AT + timedelta(days=3),
    ]
    assert [change.reported_by for change in changes] == [
        "DEMO Air",
        "DEMO Air",
        str(story.logistics.by.label),
    ]
    assert step.estimated_at == changes[-1].expected_at
    assert str(changes[0]) == f"{step}: {ARRIVED_AT:%Y-%m-%d}"


def test_milestones_have_the_time_zone_of_their_place(story: Journey) -> None:
    shipment = story.plan(origin="CNSHA", destination="CATOR")
    zones = dict(shipment.milestones.values_list("step", "timezone"))
    assert zones["departed"] == "Asia/Shanghai"
    assert zones["arrived"] == zones["import_cleared"] == "America/Toronto"
    assert zones["delivered"] == zones["inspected"] == shipment.city.timezone == "America/Vancouver"
