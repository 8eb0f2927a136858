"""Tests of the pages after a delivery: relief claims, thank-yous, and donations in both directions."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from partners.exchanges.models import Exchange
from procurement.customs.duty_relief.actions import send_relief_reminders
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.orders.views.order_summary import goods_text_by_order
from procurement.thanks.models import ThankYou
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.test_pages_self_service import open_own_page
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.shipments import DELIVERED_AT, Journey
from tests.worlds.thank_yous import (
    add_hospital,
    attach_photo,
    correct_amounts,
    declared_relief_claim,
    departed_donation,
    distribute,
    enter_rates,
    thank_you_of,
)
from workflow.clock import clear_instance_cache
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


# --- the ledger -------------------------------------------------------------------------------------------------
def test_relief_claims_are_summed_by_relief_and_year_and_filtered(story):
    claim = enter_rates(story, declared_relief_claim(story))
    logistics = Browser(story.logistics.user)
    page = logistics.open("/relief-claims/")
    for said in (claim.reference, "Goods for Emergency Use", "2020", "USD 1,195.00"):
        assert said in page, said
    assert "No claims match" in logistics.open("/relief-claims/?year=2019")
    assert claim.reference in logistics.open("/relief-claims/?relief=CA-20-08&status=proof_due&q=73-2529")
    assert "No claims match" in logistics.open("/relief-claims/?relief=EU-2020-491")
    sheet = b"".join(logistics.client.get("/relief-claims/?as=csv").streaming_content).decode()
    assert "73-2529" in sheet
    assert "1195.00" in sheet
    assert "No relief has been claimed yet" in Browser(story.stranger.user).open("/relief-claims/")


def test_unknown_duty_facts_are_shown_and_entered_with_their_source(story):
    claim = declared_relief_claim(story, relief="EU-2020-491")
    logistics = Browser(story.logistics.user)
    page = logistics.open(claim)
    for said in (
        "The relief does not apply",
        "The deadline for the proof of end use is unknown",
        "Not known. Enter the rates",
    ):
        assert said in page, said
    form = page.follow("Correct details")
    wrong = form.press("Save details", duty_percent="18", reason="The tariff.")
    assert (wrong.status, set(wrong.wrong)) == (422, {"duty_source"})
    done = form.press(
        "Save details",
        duty_percent="18",
        duty_source="The tariff",
        tax_percent="5",
        tax_source="The act",
        prove_by="2020-05-20",
        reason="The tariff.",
    )
    assert "USD 1,195.00" in done
    assert "Proof due by 20 May 2020" in done
    claim.refresh_from_db()
    assert claim.prove_by == date(2020, 5, 20)


def test_end_use_is_proven_or_repaid_on_the_claim_page(story):
    shipment = story.released()
    claim = declared_relief_claim(story, shipment)
    distribute(story, shipment.lots.get(), 6_000, organization=add_hospital(story))
    distribute(story, shipment.lots.get(), 1_000, place="Town hall")
    logistics = Browser(story.logistics.user)
    page = logistics.open(claim)
    assert "6,000 of 10,000 units were distributed to such places" in page
    assert "does not count" in page
    attach_photo(story, claim)
    form = page.follow("Record proof of end use")
    assert form.press("Record proof of end use").status == 422
    assert form.press("Record proof of end use", explanation="In the store.").at == claim.get_absolute_url()
    back = logistics.open(claim).follow("Reopen claim").press("Reopen claim", reason="Too early.")
    failed = back.follow("Record that end use cannot be proven").press(
        "Record that end use cannot be proven", reason="Sold on."
    )
    assert "Amount repaid" in failed.follow("Record repayment").press("Record repayment", repaid="12.50")


def test_approaching_relief_deadline_is_on_today(story):
    claim = correct_amounts(story, declared_relief_claim(story), prove_by=date(2020, 6, 15))
    logistics = Browser(story.logistics.user)
    assert claim.reference not in logistics.open("/")
    at = datetime(2020, 5, 20, 12, tzinfo=story.city.zone)
    assert send_relief_reminders(at) == 1
    goods = claim.line.order_line.allocation.lead.product.name.partition(" (")[0]
    page = logistics.open("/")
    assert (
        f"Prove the end use of {goods} × {claim.pieces or claim.line.quantity:,} ({claim.relief.name})"
        in page
    )
    assert claim.reference in page


# --- thanks -----------------------------------------------------------------------------------------------------
def test_thanks_are_previewed_sent_and_shown_on_the_contacts_page(story):
    shipment = story.released(departed_donation(story))
    thank_you, photo = thank_you_of(shipment), attach_photo(story, shipment, "arrival.jpg")
    officer = Browser(story.officer.user)
    goods = goods_text_by_order([thank_you.order])[thank_you.order_id]
    assert f"Thank those who helped with {goods} from {thank_you.order.donor_city.name}" in officer.open("/")
    page = officer.open(thank_you)
    for said in (
        "Li Wei",
        "provided the offer",
        "Zhao Lan",
        "Copy for WeChat",
        "Generated when the thanks are sent",
    ):
        assert said in page, said
    page = page.press("Use this photo", photo=str(photo.pk), shows_no_person="on")
    first = story.contact.pk
    sent = page.press("Send thanks", **{f"subject_{first}": "Many thanks", f"to_{story.checker.pk}": []})
    thank_you.refresh_from_db()
    assert (thank_you.status, sent.at) == ("sent", thank_you.get_absolute_url())
    assert [note.subject for note in thank_you.messages.all()] == ["Many thanks"]
    assert "Thank those who helped" not in officer.open("/")
    assert thank_you.order.reference in officer.open("/thank-yous/")
    sheet = b"".join(officer.client.get("/thank-yous/?as=csv").streaming_content).decode()
    assert f"{thank_you.reference},{thank_you.order.reference}," in sheet
    assert "Thank-you to those who helped" in officer.open(thank_you.order)
    assert officer.open(thank_you.messages.get().get_absolute_url()).at == thank_you.get_absolute_url()
    theirs = open_own_page(story.contact)
    assert "Many thanks" in theirs
    note = thank_you.messages.get()
    base = f"/me/{story.contact.pk}/thanked/{note.pk}/"
    assert theirs.browser.client.get(f"{base}photo.webp")["Content-Type"] == "image/webp"
    for which, answer in (("letter", 200), ("certificate", 200), ("order", 404)):
        assert theirs.browser.client.get(f"{base}{which}/").status_code == answer
    assert theirs.browser.client.get(f"/me/{story.checker.pk}/thanked/{note.pk}/letter/").status_code == 403


def test_photo_is_added_to_the_thanks_and_shown_in_the_preview(story):
    thank_you = thank_you_of(story.delivered())
    page = Browser(story.officer.user).open(thank_you)
    assert "What Li Wei will see" in page
    assert not page.root.xpath("//div[@class='preview']//img")
    unchecked = page.press("Use this photo", upload=files.upload(files.picture()))
    assert (unchecked.status, set(unchecked.wrong)) == (422, {"shows_no_person"})
    assert not File.objects.about(thank_you.shipment).exists()
    done = page.press("Use this photo", upload=files.upload(files.picture()), shows_no_person="on")
    thank_you.refresh_from_db()
    assert thank_you.photo == File.objects.about(thank_you.shipment).get()
    assert done.root.xpath("//div[@class='preview']//img")
    assert "the photo of the arrival" in done


def test_thank_you_page_of_a_purchase_has_no_certificate_and_names_the_missing_photo_and_the_stopped_mail(
    story,
):
    thank_you = thank_you_of(story.delivered())
    officer = Browser(story.officer.user)
    page = officer.open(thank_you)
    assert "There is no photo of these goods yet" in page
    assert "Letter and certificate" not in page, "only for donations"
    assert "does not accept email" not in page
    story.contact.user.stopped_at = DELIVERED_AT
    story.contact.user.save()
    assert "does not accept email" in officer.open(thank_you)


def test_thanks_to_no_one_or_without_a_text_are_refused(story):
    thank_you = thank_you_of(story.delivered())
    page = Browser(story.officer.user).open(thank_you)
    empty = page.press("Send thanks", **{f"to_{one.pk}": [] for one in (story.contact, story.checker)})
    assert (empty.status, "Choose at least one person to thank" in empty) == (422, True)
    body = f"body_{story.contact.pk}"
    wrong = page.press("Send thanks", **{body: ""})
    assert (wrong.status, set(wrong.wrong)) == (422, {body})
    assert not thank_you.messages.exists()


def test_thanks_are_declined_with_a_reason_and_reopened(story):
    thank_you = thank_you_of(story.delivered())
    form = Browser(story.officer.user).open(thank_you).follow("Do not send thanks")
    declined = form.press("Do not send thanks", reason="Thanked by phone.")
    assert "Photo of the arrival" not in declined
    assert "Send thanks" not in declined
    assert "Send thanks" in declined.press("Reopen thank-you")


def test_thank_you_is_readable_in_its_city_and_not_listed_in_another(story):
    thank_you = thank_you_of(story.delivered())
    assert Browser(story.logistics.user).open(thank_you).status == 200
    stranger = Browser(story.stranger.user)
    assert "No one to thank yet" in stranger.open("/thank-yous/")
    assert stranger.open(thank_you).status == 404


# --- two places -------------------------------------------------------------------------------------------------
def test_agreement_page_shows_donations_in_both_directions_and_unanswered_ones(story):
    here, there = story.city, cities.city("zhongshan")
    facts = {"items": "Surgical mask (fluid resistant)", "unit": "piece"}
    gift = cities.exchange(there, here, "2020-03-01", "ppe_donation", quantity=5_000, **facts)
    cities.exchange(here, there, "2020-02-01", "ppe_donation", quantity=100, **facts)
    cities.exchange(there, here, "2019-02-01", "ppe_donation", quantity=77_777, **facts)
    waiting = thank_you_of(story.delivered(departed_donation(story)))
    officer = Browser(story.officer.user)
    page = officer.open(f"/cities/{here.slug}/with/{there.slug}/")
    for said in (
        "Thank-yous to send",
        "Masks",
        "5,000",
        "Burnaby could offer in return",
        waiting.get_absolute_url(),
        waiting.shipment.reference,
    ):
        assert said in page.answer.content.decode(), said
    assert "77,777" not in page
    assert gift.get_kind_display() in page
    other = Browser(cities.member("officer", there)).open(f"/cities/{there.slug}/with/{here.slug}/")
    assert "Nothing received in return" in other
    assert waiting.shipment.reference not in other
    sheet = b"".join(
        officer.client.get(f"/cities/{here.slug}/with/{there.slug}/?as=csv").streaming_content
    ).decode()
    assert "Masks" in sheet
    assert Exchange.objects.count() == 3
    assert officer.open(f"/cities/{here.slug}/with/{here.slug}/").status == 404
    nothing = officer.open(f"/cities/{here.slug}/with/{cities.city('foshan').slug}/")
    assert "No exchanges yet." in nothing
    theirs = open_own_page(story.contact)
    assert "Given and received since 2020" in theirs


# --- programs ---------------------------------------------------------------------------------------------------
def test_reliefs_claims_and_thank_yous_are_managed_through_the_api(story):
    program = Program(story.logistics.user)
    lane = list(program.all("customs-rules/?origin=CN&destination=CA&on=2020-04-15&family=mask"))
    assert {row["side"] for row in lane} <= {"export", "import"}
    assert lane
    assert not list(program.all("duty-reliefs/?country=CA&on=2019-01-01"))
    assert [row["code"] for row in program.all("duty-reliefs/?country=CA&on=2020-04-15")] == ["CA-20-08"]
    text = "required-documents/?origin=cn&destination=CA&product=MASK_SURG&use=medical&acquisition_type=purchase&on=2020-04-15"
    told = program.get(text)
    assert told["on"] == "2020-04-15"
    assert "CA-20-08" in told["reliefs"]
    assert any(one["blocks"] for one in told["documents"])
    for wrong in ("&color=red", "&on=2020-04-16", "&origin=CN"):
        assert program.ask("get", f"{text}{wrong}").status_code in (400, 422), wrong
    assert program.ask("get", "required-documents/?origin=ZZ").status_code in (400, 422)
    assert program.ask("get", text.replace("MASK_SURG", "NOTHING")).status_code in (400, 422)
    claim = declared_relief_claim(story)
    body = {"duty_percent": "18", "duty_source": "The tariff", "reason": "The tariff."}
    assert program.post(f"relief-claims/{claim.reference}/correct/", body)["duty_percent"] == "18.00"
    assert [row["reference"] for row in program.all("relief-claims/?year=2020&relief=CA-20-08")] == [
        claim.reference
    ]
    program.post(f"relief-claims/{claim.reference}/mark-unproven/", {"reason": "Sold on."})
    paid = {"repaid": "9.00", "repaid_on": "2020-04-16"}
    assert program.post(f"relief-claims/{claim.reference}/repay/", paid)["status"] == "repaid"
    assert ReliefClaim.objects.get().repaid == 9
    thank_you = thank_you_of(story.delivered())
    officer = Program(story.officer.user)
    told = officer.post(f"thank-yous/{thank_you.reference}/skip/", {"reason": "By phone."})
    assert told["status"] == "skipped"
    assert officer.post(f"thank-yous/{thank_you.reference}/resume/", {})["status"] == "ready"
    assert ThankYou.objects.get().status == "ready"
