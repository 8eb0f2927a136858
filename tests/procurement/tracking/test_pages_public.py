"""Tests of the public tracking page of a shipment: goods, origin and place, but no person, price or typed text.

The city can close it.
"""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.throttling import LINK_PAGE_LIMIT
from procurement.distribution.actions import recall_lot
from procurement.logistics.actions.journey import cancel_shipment
from procurement.quality.actions import release_lot
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.shipments.rules import TRACKING_CODE_CHARACTERS, TRACKING_CODE_LENGTH, new_tracking_code
from procurement.tracking.actions.events import record_event
from procurement.tracking.actions.public_tracking import share_tracking
from procurement.tracking.actions.schedule import estimate_step
from tests.browsing import Browser
from tests.worlds.rejected_goods import receive_with_rejections, return_rejected_goods
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
TYPED = "QZ000BQ"
PLACES = {"en": "Vancouver", "fr-ca": "Vancouver", "zh-hans": "温哥华"}


def shared_shipment(story: Journey, shipment: Shipment) -> Shipment:
    return share_tracking(shipment, by=story.logistics.by, at=DEPARTED_AT)


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        texts = dict.fromkeys(("carrier", "voyage", "bill_of_lading", "tracking_number"), TYPED)
        story.gone = shared_shipment(
            story, story.departed(story.plan(planned={"arrived": ARRIVED_AT}, **texts))
        )
        yield story


def public_url(shipment: Shipment, box: str = "") -> str:
    return reverse("public_tracking", args=[shipment.public_code]) + (f"?box={box}" if box else "")


def public_page_text(shipment: Shipment, box: str = "", language: str = "en") -> str:
    answer = Client(headers={"accept-language": language}).get(public_url(shipment, box))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_public_tracking_codes_are_short_unique_and_unguessable():
    codes = {new_tracking_code() for _one in range(100)}
    assert len(codes) == 100
    assert all(
        len(code) == TRACKING_CODE_LENGTH and set(code) <= set(TRACKING_CODE_CHARACTERS) for code in codes
    )


@pytest.mark.parametrize("language", PLACES)
def test_public_tracking_page_states_goods_sender_and_place_in_three_languages(story, language):
    said = public_page_text(story.gone, language=language)
    assert story.gone.reference in said
    assert story.gone.lines.get().order_line.allocation.lead.product.name_en in said or language != "en"
    assert PLACES[language] in said
    assert f'lang="{ {"fr-ca": "fr-ca", "zh-hans": "zh-hans"}.get(language, "en") }"' in said


def test_public_tracking_page_states_milestones_in_local_dates_and_the_next_one(story):
    said = public_page_text(story.gone)
    assert "Guangzhou" in said
    assert "Next: Arrived in destination country" in said
    assert "expected" not in said.partition("Next:")[2].partition("</li>")[0]
    assert "26 April 2020" in said
    assert "Purchase" in said
    record_event(
        story.gone,
        "RCS",
        code_system="iata",
        occurred_at=DEPARTED_AT,
        place="HKG",
        by=story.logistics.by,
        at=DEPARTED_AT,
    )
    assert "Hong Kong" in public_page_text(story.gone)


def test_public_tracking_page_shows_no_person_price_or_typed_text(story):
    record_event(
        story.gone,
        "other",
        occurred_at=DEPARTED_AT,
        place=TYPED,
        remark=TYPED,
        source=TYPED,
        by=story.logistics.by,
        at=DEPARTED_AT,
    )
    estimate_step(story.gone, "arrived", ARRIVED_AT, reported_by=TYPED, by=story.logistics.by, at=DEPARTED_AT)
    said = public_page_text(story.gone) + public_page_text(story.gone, story.gone.cartons.first().reference)
    line = story.gone.lines.get().order_line
    for hidden in (TYPED, str(story.officer.user), str(story.logistics.user), str(line.unit_price), "CAD"):
        assert hidden not in said


def test_public_tracking_page_names_the_company_only_for_a_public_need(story):
    name, lines = story.supplier.name, story.gone.lines
    assert name not in public_page_text(story.gone)
    assert "a company in China" in public_page_text(story.gone)
    need = lines.get().order_line.allocation.line.supply_request
    SupplyRequest.objects.filter(pk=need.pk).update(visibility="public")
    assert name in public_page_text(story.gone)


def test_public_tracking_page_names_the_donor_city(story):
    shipment = shared_shipment(story, story.plan(story.accepted()))
    said = public_page_text(shipment)
    assert "Donation" in said
    donor = shipment.lines.get().order_line.order.donor_city
    assert (donor.name if donor else "a company in China") in said


def test_public_tracking_page_of_a_carton_states_its_contents(story):
    box = story.gone.cartons.order_by("number")[2]
    said = public_page_text(story.gone, box.reference)
    assert box.reference in said
    assert "carton 3 of 10" in said
    assert "1,000" in said
    assert "10,000" not in said
    assert (
        "carton"
        not in public_page_text(story.gone, "CT-2020-9999").partition("<main")[2].partition("</main")[0]
    )
    assert Client().get(public_url(story.gone), {"box": "\0"}).status_code == 200


def test_public_tracking_page_states_lot_status_after_arrival(story):
    shipment = shared_shipment(story, story.received(story.plan(story.ready())))
    assert "In quarantine: 10,000" in public_page_text(shipment)
    box = shipment.cartons.first()
    assert "In quarantine" in public_page_text(shipment, box.reference)
    lot = story.pass_lot(shipment.lots.get())
    release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    assert "Released: 10,000" in public_page_text(shipment)
    recall_lot(lot, reason=TYPED, by=story.logistics.by, at=DELIVERED_AT)
    said = public_page_text(shipment)
    assert "Recalled: 10,000" in said
    assert TYPED not in said


def test_public_tracking_page_identifies_a_return(story):
    made = return_rejected_goods(story, receive_with_rejections(story))
    said = public_page_text(shared_shipment(story, made))
    assert "Return: rejected goods being sent back." in said
    assert "9,960" in said or "10,000" in said


def test_public_tracking_page_of_a_cancelled_shipment_names_no_next_step(story):
    shipment = shared_shipment(story, story.plan(story.ready()))
    cancel_shipment(shipment, reason=TYPED, by=story.logistics.by, at=DELIVERED_AT)
    said = public_page_text(shipment)
    assert "Cancelled" in said
    assert "Next:" not in said
    assert TYPED not in said


def test_public_tracking_page_is_closed_and_reopened_under_the_same_code(story):
    page = Browser(story.logistics.user).open(story.gone)
    assert public_url(story.gone) in page.text or story.gone.public_code in page
    page.press("Turn off public tracking page")
    answer = Client().get(public_url(story.gone))
    assert answer.status_code == 410
    assert "Location not shared" in answer.content.decode()
    assert story.gone.reference not in answer.content.decode()
    code = story.gone.public_code
    preview = Browser(story.logistics.user).open(story.gone).follow("Turn on public tracking page")
    assert "Receiving city" in preview
    assert Client().get(public_url(story.gone)).status_code == 410
    preview.press("Turn on public tracking page")
    story.gone.refresh_from_db()
    assert (story.gone.shared, story.gone.public_code) == (True, code)
    assert Client().get(public_url(story.gone)).status_code == 200


def test_new_shipment_has_no_public_page_until_shared(story):
    shipment = story.plan(story.ready())
    assert not shipment.shared
    assert Client().get(public_url(shipment)).status_code == 410
    page = Browser(story.logistics.user).open(shipment)
    assert "No one without an account can see the location." in page


def test_shipment_shared_for_the_first_time_gets_its_code(story):
    Shipment.objects.filter(pk=story.gone.pk).update(shared=False, public_code="")
    shipment = Shipment.objects.get(pk=story.gone.pk)
    share_tracking(shipment, by=story.logistics.by, at=DEPARTED_AT)
    assert len(shipment.public_code) == TRACKING_CODE_LENGTH
    assert Client().get(public_url(shipment)).status_code == 200


def test_unknown_tracking_code_gets_404_and_repeated_guesses_429(story):
    page = reverse("public_tracking", args=["zzzzzzzzzzzz"])
    answer = Client().get(page)
    assert answer.status_code == 404
    assert "No shipment has this code." in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert Client().post(page).status_code == 405
    typed = Client().get(reverse("public_tracking", args=[story.gone.public_code.upper()]))
    assert typed.status_code == 200, "capitals are the same letters"
    for _try in range(LINK_PAGE_LIMIT.max_uses + 1):
        answer = Client().get(page)
    assert answer.status_code == 429


def test_journal_does_not_contain_the_tracking_code(story):
    told = Entry.objects.filter(thing_label="procurement.shipment", thing_id=story.gone.pk)
    assert all(story.gone.public_code not in f"{one.before} {one.after} {one.facts}" for one in told)
