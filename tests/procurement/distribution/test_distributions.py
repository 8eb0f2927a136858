"""Tests of the distribution of a released lot, and of the notifications when it is recalled.

Notified are its places, its city, and every other city with the same lot.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from partners.contacts.models import Organization
from procurement.distribution.actions import (
    distribute_lot,
    mark_place_informed,
    recall_lot,
    undo_distribution,
)
from procurement.distribution.models import Distribution
from procurement.exports.personal_data import export_personal_data
from procurement.notifications.builder import build_notifications_for_entry
from procurement.quality.models import Lot
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.journal.models import Entry

TODAY = DELIVERED_AT.date()


def distribute(story: Journey, lot: Lot, quantity: int, place: str = "Ward 3", **facts: Any) -> Distribution:
    given = {"place": place, "distributed_on": TODAY, **facts}
    return distribute_lot(
        lot, quantity, author=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT, **given
    )


@pytest.fixture
def lot(story: Journey) -> Lot:
    """Return the released lot of ten thousand masks."""
    return story.released().lots.get()


def add_hospital(story: Journey) -> Organization:
    return Organization.objects.create(
        city=story.city, kind="hospital", name_en="North Shore Clinic DEMO", phone="+1 604 555 0100"
    )


def recall_released(story: Journey, lot: Lot) -> Lot:
    return recall_lot(lot, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)


def test_released_units_are_distributed_to_an_organization_or_named_place(story: Journey, lot: Lot) -> None:
    there, ward = (
        distribute(story, lot, 6_000, "", organization=add_hospital(story)),
        distribute(story, lot, 4_000),
    )
    assert (there.place_name, ward.place_name) == ("North Shore Clinic DEMO", "Ward 3")
    assert str(ward) == f"{lot.reference} → Ward 3"
    assert Distribution.objects.visible_to(story.observer.by).count() == 2
    assert not Distribution.objects.visible_to(story.stranger.by).exists()


def test_distribution_cannot_exceed_the_released_quantity_and_undone_ones_do_not_count(
    story: Journey, lot: Lot
) -> None:
    first = distribute(story, lot, 9_999)
    with assert_refused("more_than_left", lot) as no:
        distribute(story, lot, 2)
    assert (no.value.details["left"], no.value.details["quantity"]) == (1, 2)
    with assert_refused("reason_missing", first):
        undo_distribution(first, reason=" ", by=story.logistics.by, at=DELIVERED_AT)
    undo_distribution(first, reason="The wrong ward.", by=story.logistics.by, at=DELIVERED_AT)
    assert distribute(story, lot, 10_000).quantity == 10_000


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"quantity": 0}, "bad_quantity"),
        ({"place": " "}, "place_missing"),
        ({"distributed_on": TODAY + timedelta(days=1)}, "in_the_future"),
    ],
)
def test_invalid_distribution_is_refused(story: Journey, lot: Lot, facts: dict[str, Any], code: str) -> None:
    with assert_refused(code, lot):
        distribute(story, lot, **{"quantity": 1, **facts})
    assert not lot.distributions.exists()


def test_distribution_goes_to_exactly_one_place_of_the_own_city(story: Journey, lot: Lot) -> None:
    elsewhere = Organization.objects.create(city=cities.city("markham"), kind="hospital", name_en="X")
    with assert_refused("not_of_this_city", lot):
        distribute(story, lot, 1, "", organization=elsewhere)
    with assert_refused("place_missing", lot):
        distribute(story, lot, 1, "Ward 3", organization=add_hospital(story))


def test_quarantined_lot_cannot_be_distributed(story: Journey) -> None:
    lot = story.lot()
    with assert_refused("not_ready", lot) as no:
        distribute(story, lot, 1)
    assert "has not been released" in str(no.value)
    assert not lot.distributions.exists()


def test_database_rejects_a_distribution_without_a_place(story: Journey, lot: Lot) -> None:
    out = distribute(story, lot, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Distribution.objects.filter(pk=out.pk).update(place="")


def test_each_place_is_informed_of_a_recall_once(story: Journey, lot: Lot) -> None:
    out = distribute(story, lot, 6_000)
    with assert_refused("not_ready", out) as no:
        mark_place_informed(out, by=story.logistics.by, at=DELIVERED_AT)
    assert "has not been recalled" in str(no.value)
    recall_released(story, lot)
    out = Distribution.objects.get()
    mark_place_informed(out, by=story.logistics.by, at=DELIVERED_AT)
    assert (out.informed_by, out.informed_at) == (story.logistics.user, DELIVERED_AT)
    with assert_refused("not_ready", out) as no:
        mark_place_informed(out, by=story.logistics.by, at=DELIVERED_AT)
    assert "has already been informed" in str(no.value)


# --- the same lot elsewhere -------------------------------------------------------------------------------------
def lot_in_markham(story: Journey, number: str = "l-2020-04") -> tuple[Journey, Lot]:
    """Return Markham's example purchase (`Story`) and its lot of this number.

    Whether the goods are the same depends on the supplier.
    """
    other = Journey("markham")
    shipment = other.delivered()
    line = shipment.lines.get()
    other.receive(shipment, other.count(line, lot_number=number))
    return other, shipment.lots.get()


def set_companies(lot: Lot, supplier: Any, maker: Any = None) -> None:
    lead = lot.line.order_line.allocation.lead
    type(lead).objects.filter(pk=lead.pk).update(supplier=supplier, maker=maker)


@pytest.mark.parametrize("as_manufacturer", [False, True])
def test_other_city_holding_the_recalled_lot_is_warned_anonymously(
    story: Journey, lot: Lot, as_manufacturer: bool
) -> None:
    other, theirs = lot_in_markham(story)
    if as_manufacturer:
        set_companies(theirs, theirs.line.order_line.allocation.lead.supplier, story.supplier)
    else:
        set_companies(theirs, story.supplier)
    recall_released(story, lot)
    theirs.refresh_from_db()
    assert (theirs.warned_at, theirs.status) == (DELIVERED_AT, "quarantined")
    entry = Entry.objects.get(thing_label="procurement.lot", thing_id=theirs.pk, verb="warn")
    assert (entry.by_id, entry.reason) == (None, "")
    plan = build_notifications_for_entry(entry, DELIVERED_AT)
    assert {one.recipient for one in plan.notices} == {
        other.officer.user,
        other.logistics.user,
        other.verifier.user,
    }
    for message in plan.messages:
        assert "burnaby" not in f"{message.subject} {message.body}".lower()
        assert lot.reference not in message.body or lot.reference == theirs.reference


@pytest.mark.parametrize("differs", ["number", "company"])
def test_lot_with_another_number_or_company_is_not_warned(story: Journey, lot: Lot, differs: str) -> None:
    _other, theirs = lot_in_markham(story, "L-2020-05" if differs == "number" else "L-2020-04")
    if differs == "number":
        set_companies(theirs, story.supplier)
    else:
        set_companies(theirs, story.company("别家防护用品有限公司 DEMO"))
    recall_released(story, lot)
    theirs.refresh_from_db()
    assert theirs.warned_at is None


def test_lots_are_found_by_number_within_the_own_city(story: Journey, lot: Lot) -> None:
    assert list(Lot.objects.visible_to(story.observer.by).search("2020-04")) == [lot]
    assert list(Lot.objects.search(lot.reference)) == [lot]
    assert not Lot.objects.search("2020-05").exists()
    assert not Lot.objects.visible_to(story.stranger.by).search("2020-04").exists()


def test_named_recipient_of_a_distribution_is_mailed_on_recall(story: Journey, lot: Lot) -> None:
    mine = distribute(story, lot, 100, name="Nurse Lee DEMO", email=" Lee@ward.example ", language="fr-ca")
    gone = distribute(story, lot, 50, "Ward 4", name="Nurse Roy DEMO", email="roy@ward.example")
    quiet = distribute(story, lot, 25, "Ward 5", name="Nurse Kim DEMO")
    undo_distribution(gone, reason="Not opened.", by=story.logistics.by, at=DELIVERED_AT)
    assert (mine.email, mine.name, quiet.person, quiet.name) == (
        "lee@ward.example",
        "Nurse Lee DEMO",
        None,
        "Nurse Kim DEMO",
    )
    midnight = DELIVERED_AT.replace(hour=8)  # an hour after midnight in Burnaby
    recall_lot(lot, reason="The straps tear.", by=story.logistics.by, at=midnight)
    (entry,) = Entry.objects.filter(verb="send_recall_notice")
    assert (entry.thing_id, entry.reason) == (mine.pk, "The straps tear.")
    (mail,) = build_notifications_for_entry(entry, midnight).messages
    assert (mail.address, mail.language) == ("lee@ward.example", "fr-ca")
    assert mail.next_try_at <= midnight
    for said in (lot.number, "Ward 3", "The straps tear.", "100"):
        assert said in mail.subject + mail.body, said
    assert "0.50" not in mail.body  # no price
    assert export_personal_data(mine.person)["kept_at_places"][0]["lot__number"] == lot.number


@pytest.mark.parametrize(
    ("code", "facts"),
    [("name_missing", {"email": "lee@ward.example"}), ("bad_address", {"name": "Lee", "email": "ward 3"})],
)
def test_recipient_of_a_distribution_needs_a_valid_name_and_address(
    story: Journey, lot: Lot, code: str, facts: dict[str, str]
) -> None:
    with assert_refused(code, lot):
        distribute(story, lot, 100, **facts)
    assert not Distribution.objects.exists()
