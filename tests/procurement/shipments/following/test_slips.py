"""How an estimate moved: each day that was named is kept, with who named it and when."""

from datetime import timedelta

from procurement.shipments.actions.tracking import planned
from procurement.shipments.models.tracking import Slip
from tests.procurement.shipments.play import HERE, SENT, Voyage


def test_each_day_that_was_named_is_kept(story: Voyage) -> None:
    shipment = story.departed()
    for days, who in ((0, "DEMO Air"), (2, "DEMO Air"), (3, "")):
        planned.estimate(
            shipment,
            "arrived",
            HERE + timedelta(days=days),
            said_by=who,
            by=story.logistics.by,
            at=SENT + timedelta(days=days),
        )
    step = shipment.milestones.get(step="arrived")
    slips = list(Slip.objects.filter(milestone=step).order_by("pk"))
    assert [slip.expected_at for slip in slips] == [HERE, HERE + timedelta(days=2), HERE + timedelta(days=3)]
    assert [slip.said_by for slip in slips] == ["DEMO Air", "DEMO Air", str(story.logistics.by.label)]
    assert step.estimated_at == slips[-1].expected_at
    assert str(slips[0]) == f"{step}: {HERE:%Y-%m-%d}"


def test_steps_tell_the_time_of_their_place(story: Voyage) -> None:
    shipment = story.plan(origin="CNSHA", destination="CATOR")
    zones = dict(shipment.milestones.values_list("step", "timezone"))
    assert zones["departed"] == "Asia/Shanghai"
    assert zones["arrived"] == zones["import_cleared"] == "America/Toronto"
    assert zones["delivered"] == zones["inspected"] == shipment.city.timezone == "America/Vancouver"
