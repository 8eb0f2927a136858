"""Tests of the dock page: a carton is scanned or typed, counted once or undone, and photographed if damaged.

The receipt is made from the counted cartons.
"""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.receiving.actions.cartons import record_carton
from procurement.receiving.models import CartonReceipt
from procurement.shipments.models import Carton
from tests.browsing import Browser
from tests.procurement.receiving.label_photos import address, labelled, photo
from tests.workflow import files
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        order = story.ready()
        story.ship = story.delivered(story.plan(order, part=5_000))
        story.other = story.delivered(story.plan(order))
        story.labels = labelled(story, story.ship)
        assert story.observer
        assert story.stranger
        yield story


@pytest.fixture
def dock(story):
    return Browser(story.logistics.user).open(reverse("dock", args=[story.ship.reference]))


def carton_numbered(story, number: int = 1) -> Carton:
    return story.ship.cartons.get(number=number)


def scan_label(story, data, **headers):
    client = Browser(story.logistics.user).client
    return client.post(reverse("scan_carton", args=[story.ship.reference]), data, headers=headers)


def count_carton(story, number: int, state: str = "intact", **facts: object) -> CartonReceipt:
    given = {} if state == "missing" else {"pieces": 1_000, "lot_number": "L-1", **facts}
    who = story.logistics
    return record_carton(
        story.ship,
        carton_numbered(story, number),
        state=state,
        seen_by=who.user,
        by=who.by,
        at=DELIVERED_AT,
        **given,
    )


# --- finding a carton -------------------------------------------------------------------------------------------
def test_photo_of_a_carton_label_opens_the_carton(story):
    found = carton_numbered(story)
    answer = scan_label(story, {"photo": photo(address(story.labels.code, found.reference))})
    where = reverse("count_carton", args=[story.ship.reference, found.reference])
    assert (answer.status_code, answer["Location"]) == (303, where)


def test_photo_sent_by_script_returns_the_carton_or_the_reason(story):
    found = carton_numbered(story)
    answer = scan_label(story, {"file": photo(address(story.labels.code, found.reference))}, **SCRIPT)
    assert (answer.status_code, answer.json()) == (201, {"id": found.reference})
    answer = scan_label(story, {"file": files.upload(files.picture())}, **SCRIPT)
    assert answer.status_code == 422
    assert answer.json()["title"].startswith("No code was found in the photo.")
    answer = scan_label(story, {"carton": found.reference})
    assert answer["Location"].endswith(f"/{found.reference}/")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("https://example.org/",), "is not from one of our labels"),
        (("{pallet}",), "This is a pallet label"),
        (("{first}", "{second}"), "several cartons"),
        (("{unknown}",), "This label is not recognized."),
        (("{elsewhere}",), "This label is not recognized."),
    ],
)
def test_photo_without_exactly_one_carton_label_says_what_to_do(story, texts, said):
    code = story.labels.code
    known = {
        "pallet": address(code, f"{story.ship.reference}-P1"),
        "first": address(code, carton_numbered(story, 1).reference),
        "second": address(code, carton_numbered(story, 2).reference),
        "unknown": address("x" * 22, carton_numbered(story).reference),
        "elsewhere": address(code, story.other.cartons.first().reference),
    }
    answer = scan_label(story, {"photo": photo(*[text.format(**known) for text in texts])})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (lambda: files.upload(files.pdf(), "label.pdf"), "a PDF cannot be read here"),
        (lambda: files.upload(files.picture()[:200]), "was not accepted"),
        (lambda: files.upload(b"hello"), "is not a PDF, JPEG, PNG or WebP"),
    ],
)
def test_invalid_photo_upload_is_refused(story, upload, said):
    answer = scan_label(story, {"photo": upload()})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_carton_is_opened_by_its_typed_number(dock):
    for number in ("3", " ct-2020-0003 "):
        page = dock.press("Open carton", number=number)
        assert page.heading == "CT-2020-0003"
    assert "Carton 3 of 5" in page


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "enter its number"),
        ("99", "has no carton “99”"),
        ("CT-1999-0001", "has no carton “CT-1999-0001”"),
        ("9" * 19, "has no carton"),
    ],
)
def test_unknown_carton_number_is_refused(dock, number, said):
    page = dock.press("Open carton", number=number)
    assert page.status == 422
    assert said in page.alert


def test_carton_of_another_shipment_is_refused_naming_that_shipment(story, dock):
    page = dock.press("Open carton", number=story.other.cartons.first().reference)
    assert (page.status, story.other.reference in page.alert) == (422, True)


def test_carton_of_another_city_is_refused_without_naming_its_shipment(story, dock):
    far = Journey("markham")
    theirs = far.delivered(far.plan(far.ready()))
    page = dock.press("Open carton", number=theirs.cartons.first().reference)
    assert page.status == 422
    assert theirs.reference not in page.text


def test_scanned_label_opens_the_carton_for_receivers_and_the_label_page_for_others(story):
    found = carton_numbered(story)
    text = f"{reverse('verify_document', args=[story.labels.code])}?box={found.reference}"
    page = Browser(story.logistics.user).open(text)
    assert page.heading == found.reference
    for person in (story.observer, story.stranger):
        answer = Browser(person.user).client.get(text)
        assert answer.status_code == 200
        assert found.reference in answer.content.decode()
    assert Client().get(text).status_code == 200
    other = f"{reverse('verify_document', args=[story.labels.code])}?box=CT-1999-0001"
    assert Browser(story.logistics.user).client.get(other).status_code == 200


# --- counted ----------------------------------------------------------------------------------------------------
def test_carton_is_counted_with_the_proposed_values(story, dock):
    page = dock.press("Open carton", number="1")
    assert (page.value("pieces"), page.value("lot_number"), page.value("expires_on")) == (
        *("1,000", "L-2020-04", ""),
    )
    after = page.press("Count this carton", expires_on="2022-04-01")
    assert after.heading == "1 of 5 cartons"
    assert "CT-2020-0001 counted: Intact, 1,000 units." in after
    assert 'data-forget-draft="CT-2020-0001"' in after.answer.content.decode()
    assert after.press("Open carton", number="2").value("expires_on") == "2022-04-01"


def test_damaged_carton_counts_as_unusable_unless_counted(story, dock):
    page = dock.press("Open carton", number="1")
    page.press("Count this carton", state="Damaged", remark="wet")
    page = dock.press("Open carton", number="2")
    page.press("Count this carton", state="Damaged", unusable="250")
    page = dock.press("Open carton", number="3")
    after = page.press("Count this carton", state="Missing")
    told = CartonReceipt.objects.order_by("pk").values_list("state", "pieces", "unusable", "lot_number")
    assert list(told) == [
        ("damaged", 1_000, 1_000, "L-2020-04"),
        ("damaged", 1_000, 250, "L-2020-04"),
        ("missing", 0, 0, ""),
    ]
    assert after.heading == "2 of 5 cartons"
    assert "2 damaged · 1 missing" in after
    assert "2 cartons not counted yet" in after


def test_second_count_of_a_carton_is_refused_and_shows_the_first(story, dock):
    page = dock.press("Open carton", number="1")
    count_carton(story, 1, "damaged", pieces=970)
    again = page.press("Count this carton")
    assert again.status == 422
    assert "(damaged, units: 970). Nothing was changed" in again.alert
    receipt = CartonReceipt.objects.get()
    assert (receipt.state, receipt.pieces) == ("damaged", 970)
    assert "Undo and count again" in again.buttons


def test_invalid_carton_value_is_refused_at_its_field(dock):
    page = dock.press("Open carton", number="1")
    wrong = page.press("Count this carton", lot_number="", pieces="many")
    assert (wrong.status, set(wrong.wrong)) == (422, {"pieces"})
    wrong = page.press("Count this carton", lot_number="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"lot_number"})


def test_carton_count_is_undone_and_repeated_on_its_page(story, dock):
    count_carton(story, 1, "missing")
    page = dock.press("Open carton", number="1").press("Undo and count again")
    assert page.heading == "CT-2020-0001"
    assert "Count this carton" in page.buttons
    history = page.browser.activity(story.ship)
    assert "undid a carton count so that the carton can be counted again" in history
    assert "CT-2020-0001" in history
    again = Browser(story.logistics.user).client.post(
        reverse("recount_carton", args=[story.ship.reference, "CT-2020-0001"])
    )
    assert again.status_code == 422


# --- photos -----------------------------------------------------------------------------------------------------
def send_damage_photo(story, data, **headers):
    where = reverse("damage_photo", args=[story.ship.reference, carton_numbered(story).reference])
    return Browser(story.logistics.user).client.post(where, data, headers=headers)


def test_damage_photo_is_shown_with_carton_and_shipment(story, dock):
    picture = files.upload(files.picture(), "wet.jpg")
    answer = send_damage_photo(story, {"file": picture}, **SCRIPT)
    file = File.objects.get(pk=answer.json()["id"])
    assert (answer.status_code, file.kind, file.status) == (201, "CT-2020-0001", "clean")
    assert "wet.jpg" in dock.press("Open carton", number="1")
    assert "wet.jpg" in Browser(story.observer.user).activity(story.ship)


def test_invalid_damage_photo_is_reported_to_script_and_page(story):
    answer = send_damage_photo(story, {"file": files.upload(b"hello")}, **SCRIPT)
    assert (answer.status_code, "title" in answer.json()) == (422, True)
    answer = send_damage_photo(story, {"remark": "wet"})
    assert (answer.status_code, "Choose a photo first." in answer.content.decode()) == (422, True)
    assert 'value="wet"' in answer.content.decode()
    answer = send_damage_photo(story, {"file": files.upload(files.picture()), "remark": "wet"})
    assert (answer.status_code, 'value="wet"' in answer.content.decode()) == (200, True)


# --- finished ---------------------------------------------------------------------------------------------------
def test_goods_receipt_is_created_from_the_counted_cartons(story, dock):
    for number in (1, 2, 3):
        count_carton(story, number)
    count_carton(story, 4, "damaged", unusable=1_000, remark="wet")
    page = Browser(story.logistics.user).open(dock.at).follow("Finish receiving")
    assert "4 cartons have been counted since the last goods receipt." in page
    assert "1 carton not counted yet" in page
    line = story.ship.lines.get().pk
    assert page.value(f"reason{line}") == "CT-2020-0004: wet"
    wrong = page.press("Record goods receipt", how="whole", **{f"reason{line}": ""})
    assert (wrong.status, set(wrong.wrong)) == (422, {f"reason{line}"})
    wrong = page.press("Record goods receipt")
    assert (wrong.status, set(wrong.wrong)) == (422, {"how"})
    after = page.press("Record goods receipt", how="whole", remark="Rain.")
    assert "4 cartons are in the goods receipt." in after
    assert f'data-forget-draft="finish-{story.ship.reference}"' in after.answer.content.decode()
    fresh = story.ship.lines.get()
    assert (fresh.accepted, fresh.rejected, fresh.missing) == (3_000, 1_000, 1_000)
    page = after.follow("CT-2020-0001")
    assert "This carton is part of a goods receipt." in page
    done = after.browser.open(reverse("finish_count", args=[story.ship.reference]))
    assert "Everything that was shipped has been counted." in done


def test_partial_goods_receipt_is_recorded_while_more_cartons_are_expected(story, dock):
    count_carton(story, 1)
    page = dock.browser.open(reverse("finish_count", args=[story.ship.reference]))
    page.press("Record goods receipt", how="part")
    assert story.ship.lines.get().uncounted_pieces == 4_000
    assert "4 cartons not counted yet" in dock.browser.open(dock.at)
    page = dock.browser.open(reverse("finish_count", args=[story.ship.reference]))
    wrong = page.press("Record goods receipt", how="part")
    assert (wrong.status, wrong.alert) == (422, "First scan a carton or enter its number.")


def test_dock_page_of_a_closed_shipment_is_read_only(story):
    closed = story.closed(story.plan(story.ready(story.promise())))
    page = Browser(story.logistics.user).open(reverse("dock", args=[closed.reference]))
    assert "You can count cartons only after delivery and before the shipment is closed." in page
    assert page.buttons == []
    carton = page.browser.open(
        reverse("count_carton", args=[closed.reference, closed.cartons.first().reference])
    )
    assert "This carton has not been counted individually." in carton


def test_dock_page_is_403_for_observers_and_404_for_other_cities(story):
    where = reverse("dock", args=[story.ship.reference])
    assert Browser(story.observer.user).client.get(where).status_code == 403
    assert Browser(story.stranger.user).client.get(where).status_code == 404
