"""Tests of receiving a delivery at once: all cartons intact, or all but the marked ones."""

from datetime import date

import pytest
from django.urls import reverse

from procurement.receiving.actions.cartons import receive_cartons, record_carton
from procurement.receiving.forms import MAX_MARKED_CARTONS, ReceiveAllForm
from procurement.receiving.models import CartonReceipt, Discrepancy
from procurement.receiving.rules.cartons import CartonObservation
from procurement.shipments.models import Carton
from tests.browsing import Browser, Page
from tests.procurement.refusals import assert_refused
from tests.workflow import files
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.errors import Refused
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
NEED_A_LOT = "Enter the lot number printed on the cartons. It is needed for inspection and recalls."


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        story.ship = story.delivered(story.plan(story.ready(), part=5_000))
        assert story.observer
        yield story


@pytest.fixture
def dock(story) -> Page:
    return Browser(story.logistics.user).open(reverse("dock", args=[story.ship.reference]))


def carton(story, number: int) -> Carton:
    return story.ship.cartons.get(number=number)


def marked_fields(story, number: int, state: str, usable: str = "") -> dict[str, str]:
    key = carton(story, number).pk
    return {f"state{key}": state, f"usable{key}": usable}


def line_counts(story) -> tuple[int, int, int, int]:
    line = story.ship.lines.get()
    return line.accepted, line.rejected, line.missing, line.uncounted_pieces


def observed_fields(story, **other: CartonObservation) -> list[tuple[Carton, CartonObservation]]:
    """Return the form fields in which each carton is intact, except those given by number (`_2` is the second)."""
    whole = CartonObservation(state="intact", pieces=1_000, lot_number="L-1")
    return [(one, other.get(f"_{one.number}", whole)) for one in story.ship.cartons.order_by("number")]


def post_receipt(story, rows, **facts: object):
    who = story.logistics
    return receive_cartons(story.ship, rows, received_by=who.user, by=who.by, at=DELIVERED_AT, **facts)


def test_dock_page_states_the_expected_quantity_and_receives_intact_cartons_with_one_button(story, dock):
    assert dock.heading == "5 cartons, 5,000 units expected"
    assert dock.value("lot0") == "L-2020-04"
    assert dock.buttons[0] == "All arrived intact"
    done = dock.press("All arrived intact", expires0="2022-04-01")
    assert done.heading == "5 of 5 cartons"
    assert "5 cartons are in the goods receipt." in done
    assert 'data-forget-draft="arrival-' in done.answer.content.decode()
    assert line_counts(story) == (5_000, 0, 0, 0)
    lot = story.ship.lots.get()
    assert (lot.number, lot.quantity, lot.expires_on) == ("L-2020-04", 5_000, date(2022, 4, 1))
    rows = CartonReceipt.objects.filter(shipment=story.ship)
    assert {(row.state, row.pieces, row.by, row.receipt) for row in rows} == {
        ("intact", 1_000, story.logistics.user, story.ship.goods_receipts.get())
    }
    assert done.follow("Inspect lot L-2020-04").heading == "Inspect lot"


def test_intact_cartons_are_received_from_the_shipment_page_in_two_clicks(story):
    page = Browser(story.logistics.user).open(story.ship)
    assert page.follow("Receive goods").press("All arrived intact").heading == "5 of 5 cartons"


def test_only_marked_cartons_differ_and_their_reason_is_recorded(story, dock):
    typed = marked_fields(story, 2, "damaged", "600") | marked_fields(story, 3, "short", "950")
    typed |= marked_fields(story, 4, "missing") | marked_fields(story, 5, "damaged")
    dock.press("Receive with exceptions", remark="Wet on one side.", **typed)
    assert line_counts(story) == (2_550, 1_400, 1_050, 0)
    states = CartonReceipt.objects.order_by("carton__number").values_list("state", "pieces", "unusable")
    assert list(states) == [
        ("intact", 1_000, 0),
        ("damaged", 1_000, 400),
        ("intact", 950, 0),
        ("missing", 0, 0),
        ("damaged", 1_000, 1_000),
    ]
    said = Discrepancy.objects.get(kind="rejected").reason
    second, third = carton(story, 2).reference, carton(story, 3).reference
    assert said.startswith(f"Wet on one side.; {second}: Damaged, 600 of 1,000 units usable")
    assert f"{third}: Short, 950 of 1,000 units usable" in said


def test_receive_button_must_match_the_marked_cartons(story, dock):
    wrong = dock.press("All arrived intact", **marked_fields(story, 2, "missing"))
    assert wrong.status == 422
    assert "Use “Receive with exceptions”." in wrong.alert
    wrong = dock.press("Receive with exceptions")
    assert (wrong.status, "Mark at least one carton" in wrong.alert) == (422, True)
    assert line_counts(story) == (0, 0, 0, 5_000)


def test_short_carton_needs_a_count_not_above_the_packed_quantity(story, dock):
    key = carton(story, 2).pk
    for usable, said in (("", "Enter the number of units inside."), ("1,001", "less than or equal to 1000")):
        wrong = dock.press("Receive with exceptions", **marked_fields(story, 2, "short", usable))
        assert wrong.status == 422
        assert said in wrong.wrong[f"usable{key}"]
        assert wrong.form("Receive with exceptions").fields[f"state{key}"] == ["short"]


def test_lot_number_is_required_only_for_usable_cartons(story, dock):
    wrong = dock.press("All arrived intact", lot0="")
    assert wrong.wrong == {"lot0": NEED_A_LOT}
    typed: dict[str, str] = {}
    for number in range(1, 6):
        typed |= marked_fields(story, number, "missing" if number > 1 else "damaged")
    dock.press("Receive with exceptions", lot0="", **typed)
    assert line_counts(story) == (0, 1_000, 4_000, 0)


def test_carton_counted_individually_keeps_its_count(story, dock):
    who = story.logistics
    facts = {
        "state": "damaged",
        "pieces": 1_000,
        "unusable": 250,
        "lot_number": "L-2020-04",
        "remark": "torn",
    }
    record_carton(story.ship, carton(story, 1), seen_by=who.user, by=who.by, at=DELIVERED_AT, **facts)
    page = Browser(who.user).open(dock.at)
    assert "4 cartons not counted yet" in page
    assert not any(
        name.startswith(f"state{carton(story, 1).pk}") for name in page.form("All arrived intact").names
    )
    page.press("All arrived intact")
    assert line_counts(story) == (4_750, 250, 0, 0)
    reason = Discrepancy.objects.get().reason
    assert reason == f"{carton(story, 1).reference}: Damaged, 750 of 1,000 units usable (torn)"


def test_conflicting_count_of_a_carton_counted_meanwhile_is_refused(story):
    who = story.logistics
    known = {"state": "intact", "pieces": 1_000, "lot_number": "L-1"}
    record_carton(story.ship, carton(story, 2), seen_by=who.user, by=who.by, at=DELIVERED_AT, **known)
    lost = observed_fields(story, _2=CartonObservation(state="missing"))
    with assert_refused("carton_seen", story.ship):
        post_receipt(story, lost)
    post_receipt(story, observed_fields(story))
    assert line_counts(story) == (5_000, 0, 0, 0)


def test_observer_cannot_receive_cartons(story):
    who = story.observer
    with pytest.raises(Refused):
        receive_cartons(story.ship, observed_fields(story), received_by=who.user, by=who.by, at=DELIVERED_AT)
    assert not CartonReceipt.objects.exists()
    assert Browser(who.user).client.post(reverse("dock", args=[story.ship.reference])).status_code == 403


def test_carton_photos_are_uploaded_with_the_form_without_javascript(story, dock):
    answer = dock.browser.client.post(
        dock.at,
        {
            "how": "exceptions",
            "lot0": "L-1",
            **marked_fields(story, 3, "damaged"),
            f"photo{carton(story, 3).pk}": files.upload(files.picture()),
        },
    )
    assert answer.status_code == 303
    assert File.objects.about(story.ship).get().kind == carton(story, 3).reference


def test_only_the_first_cartons_of_a_very_large_shipment_can_be_marked(story):
    line = story.ship.lines.get()
    many = [
        Carton(pk=pk, line=line, number=pk, pieces=10, lot_number="L")
        for pk in range(1, MAX_MARKED_CARTONS + 3)
    ]
    form = ReceiveAllForm({"how": "intact", "lot0": "L"}, many)
    assert sum(name.startswith("state") for name in form.fields) == MAX_MARKED_CARTONS
    assert form.is_valid()
    assert len(form.carton_observations) == MAX_MARKED_CARTONS + 2


def test_only_the_dock_page_allows_webassembly(story, dock):
    """The camera's reader of labels is WebAssembly; the rest of the policy is that of all pages."""
    policy = dock.answer.headers["Content-Security-Policy"]
    other = dock.browser.open(story.ship).answer.headers["Content-Security-Policy"]
    assert "wasm" not in other
    assert policy == other.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
