"""Cases that arrival, inspection or a missed hand-over catches: 1 (the Netherlands), 4 (Canada), 6 (TCG), 7 (Toronto), 16 (the EU
Commission), 18 (the Navajo Nation), 21 (Annapolis). Played through shipments that arrive.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.catalogue import rules as catalogue
from procurement.orders import actions as orders
from procurement.shipments import actions
from tests.procurement.catalogue import book
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import DOOR, SENT, Voyage
from tests.procurement.story import AT

pytestmark = pytest.mark.django_db


def release(voyage, lot):
    return actions.release_lot(lot, by=voyage.logistics.by, at=DOOR)


def test_01_netherlands_nothing_reaches_a_ward_before_its_lot_was_inspected():
    voyage = Voyage()
    lot = voyage.lot()
    with refused("not_ready", lot):
        release(voyage, lot)
    voyage.pass_lot(lot, "failed")
    with refused("not_ready", lot):
        release(voyage, lot)
    actions.refuse_lot(lot, reason="Poor fit, the filter is defect.", by=voyage.logistics.by, at=DOOR)
    lot.refresh_from_db()
    assert lot.status == "refused"


def test_01_near_miss_a_lot_that_passed_is_released():
    voyage = Voyage()
    lot = release(voyage, voyage.pass_lot(voyage.lot()))
    assert lot.status == "released"


def test_04_canada_a_gift_waits_in_quarantine_like_a_purchase():
    voyage = Voyage()
    order = orders.ready(voyage.accepted(), by=voyage.officer.by, at=SENT)
    waiting = voyage.lot(voyage.plan(order))
    with refused("not_ready", waiting):
        release(voyage, waiting)


def test_06_tcg_said_to_have_left_and_no_carrier_knows_of_it():
    voyage = Voyage()
    shipment = voyage.departed()
    assert actions.watch(SENT + timedelta(hours=47)) == 0, "near miss: it may still come"
    assert actions.watch(SENT + timedelta(hours=48)) == 1
    lead = shipment.lines.get().order_line.allocation.lead
    assert lead.findings.get(code="no_hand_over").status == "open"


@pytest.mark.parametrize(("too_many", "passes"), [(1, False), (0, True)])
def test_07_toronto_one_torn_mask_too_many_in_the_sample_and_the_lot_fails(too_many, passes):
    voyage = Voyage()
    lot = voyage.lot()
    plan = catalogue.sample_plan(lot.quantity, "II", Decimal("2.5"))

    def inspect():
        return actions.inspect(
            lot,
            sampled=plan.sample_size,
            defects=plan.accept + too_many,
            verdict="passed",
            inspector=voyage.logistics.user,
            by=voyage.logistics.by,
            at=DOOR,
        )

    if passes:
        inspect()
        assert release(voyage, lot).status == "released"
    else:
        with refused("too_many_defects", lot):
            inspect()


def test_16_each_batch_is_released_by_its_own_inspection():
    voyage = Voyage()
    order = voyage.ready()
    good, bad = (voyage.lot(voyage.plan(order, part=5_000)) for _batch in range(2))
    voyage.pass_lot(good)
    voyage.pass_lot(bad, "failed")
    assert release(voyage, good).status == "released"
    with refused("not_ready", bad):
        release(voyage, bad)


def test_18_navajo_a_quarter_below_the_medical_standard_and_a_neighbour_never_counts_as_equal():
    meeting = catalogue.meets(
        book.standard("NIOSH-N95"),
        book.standard("GB2626-2006-KN95"),
        market="US",
        use="medical",
        rows=book.acceptances(),
        on=AT.date(),
    )
    assert meeting.verdict == "neighbour"
    voyage = Voyage()
    lot = voyage.lot()
    voyage.pass_lot(lot, "conditional")
    with refused("not_ready", lot):
        release(voyage, lot)


def test_21_annapolis_the_papers_are_asked_for_when_the_goods_are_planned():
    shipment = Voyage().plan()
    asked = list(shipment.papers.all())
    assert asked
    assert all(one.owner and one.due_before and one.asked_on == shipment.created_at.date() for one in asked)
    assert shipment.papers_missing == sum(one.blocks and one.status == "missing" for one in asked)
