"""Tests of a contact's answer by link: an offer, its review and receipt, a refusal, forwarding, and photos."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.workflow.files import photo_with_location
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
ZH = "zh-hans"
OFFER = {
    "supplier": "佛山安洁医疗器械有限公司 DEMO",
    "stock": "２００盒，每盒50只",
    "price": "１.９２",
    "currency": "CNY",
    "capacity": "5 000",
    "ready_on": "2020年4月20日",
    "available_until": "2020年4月24日",
    "phone": "微信 anjie_demo",
    "remark": "可以先寄样品。",
}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer
        edit_person(
            story.contact.user, PersonEdit(language=ZH, time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )
        story.colleague = cities.contact("zhongshan", "Chen Jing")
        story.asked, story.other = (send_inquiry_to(story, one) for one in (story.contact, story.colleague))
        yield story


def send_inquiry_to(story, contact) -> Inquiry:
    inquiry = draft_inquiry(
        story.line(10_000).supply_request, contact, subject="能否协助？", body="尊敬的李先生：", author=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    return send_inquiry(inquiry, by=story.officer.by, at=AT)


@pytest.fixture
def inquiry_page(story):
    return open_link_page(story.asked)


def reloaded_inquiry(story) -> Inquiry:
    return Inquiry.objects.get(pk=story.asked.pk)


def test_inquiry_is_headed_by_its_goods_in_the_contacts_language_and_the_typed_title(story, inquiry_page):
    need = story.asked.supply_request
    heading = inquiry_page.main.xpath(".//section[contains(@class, 'card')]/h2")[0]
    assert heading.text_content().strip() == need.lines.get().product.name_zh
    assert heading.getnext().text_content().strip() == need.title


def test_contact_reviews_an_offer_before_sending_and_gets_its_number(story, inquiry_page):
    kind = next(
        label
        for label in inquiry_page.form(button_text("Check and send", ZH)).choices("certificate")
        if label[:1] not in "-—"
    )
    check = inquiry_page.press(
        button_text("Check and send", ZH), **OFFER, certificate=kind, certificate_number="粤械备 20200001"
    )
    assert check.status == 200
    for words in (
        "佛山安洁医疗器械有限公司 DEMO",
        "10,000",
        "1.92",
        "5,000",
        "2020年4月20日",
        "可以先寄样品。",
    ):
        assert words in check, words
    assert not SupplierLead.objects.exists(), "nothing is stored before it was checked"
    receipt = check.press(button_text("Send", ZH))
    lead = SupplierLead.objects.get()
    assert lead.reference in receipt
    assert (lead.kind, lead.stock_quantity, lead.capacity_per_day) == ("sale", 10_000, 5_000)
    assert (lead.unit_price, lead.currency, lead.ready_on) == (Decimal("1.92"), "CNY", date(2020, 4, 20))
    assert (lead.author, lead.contact, lead.remark) == (story.contact.user, story.contact, "可以先寄样品。")
    assert Supplier.objects.get().phone == "微信 anjie_demo"
    assert Certificate.objects.get().number == "粤械备 20200001"
    assert reloaded_inquiry(story).status == "answered"
    assert lead.reference in receipt.follow(button_text("Add another supplier", ZH)), (
        "the link shows what became of it"
    )


def certificate_kinds(inquiry_page) -> list[str]:
    """Return the kinds of certificates that the page offers."""
    labels = inquiry_page.form(button_text("Check and send", ZH)).choices("certificate")
    return [label for label in labels if label[:1] not in "-—"]


def test_three_certificates_in_one_answer_are_stored_for_the_supplier(story, inquiry_page):
    first, second, third, *_rest = certificate_kinds(inquiry_page)
    papers = {
        "certificate": first,
        "certificate_number": "粤械备 20200001",
        "certificate_2": second,
        "certificate_number_2": "CNAS L0001",
        "certificate_3": third,
        "certificate_number_3": "0598/PPE/20/0123",
    }
    check = inquiry_page.press(button_text("Check and send", ZH), **OFFER, **papers)
    assert all(papers[name] in check for name in papers)
    again = check.press(button_text("Change answers", ZH))
    assert again.value("certificate_number_3") == "0598/PPE/20/0123"
    again.press(button_text("Check and send", ZH)).press(button_text("Send", ZH))
    noted = Certificate.objects.order_by("pk").values_list("number", flat=True)
    assert list(noted) == ["粤械备 20200001", "CNAS L0001", "0598/PPE/20/0123"]
    assert {one.supplier for one in Certificate.objects.all()} == {SupplierLead.objects.get().supplier}


def test_certificate_entered_twice_in_an_answer_is_stored_once(story, inquiry_page):
    first, *_rest = certificate_kinds(inquiry_page)
    papers = {
        "certificate": first,
        "certificate_number": "CNAS L0001",
        "certificate_3": first,
        "certificate_number_3": "CNAS L0001",
    }
    inquiry_page.press(button_text("Check and send", ZH), **OFFER, **papers).press(button_text("Send", ZH))
    assert [one.number for one in Certificate.objects.all()] == ["CNAS L0001"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"certificate_number_2": "CNAS L0001"}, "certificate_2"),
        ({"certificate_number_3": "x" * 81}, "certificate_number_3"),
    ],
)
def test_further_certificate_without_type_or_with_an_overlong_number_is_refused_at_its_field(
    story, inquiry_page, typed, wrong
):
    answer = inquiry_page.press(button_text("Check and send", ZH), **OFFER, **typed)
    assert (answer.status, set(answer.wrong)) == (422, {wrong})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"price": "9999999999", "currency": "EUR"}, "price"),
        ({"price": "0"}, "price"),
        ({"ready_on": "9999-12-31"}, "ready_on"),
        ({"stock": "1" * 25}, "stock"),
    ],
)
def test_invalid_offer_value_is_refused_at_its_field_on_the_contact_page(story, inquiry_page, typed, field):
    answer = inquiry_page.press(button_text("Check and send", ZH), **{**OFFER, **typed})
    if answer.status == 200:  # the check page opens, and the fault is found on sending
        answer = answer.press(button_text("Send", ZH))
    assert (answer.status, set(answer.wrong)) == (422, {field})
    assert not SupplierLead.objects.exists()


def test_change_answers_on_the_review_page_keeps_every_typed_value(story, inquiry_page):
    check = inquiry_page.press(button_text("Check and send", ZH), **OFFER, gift="on")
    again = check.press(button_text("Change answers", ZH))
    for name, typed in OFFER.items():
        assert again.value(name) == typed, name
    assert again.form(button_text("Check and send", ZH)).fields["gift"] == ["on"]


def test_donation_by_link_has_no_price_and_its_supplier_is_matched_by_registration_number(
    story, inquiry_page
):
    for _time in range(2):
        inquiry_page.press(
            button_text("Check and send", ZH), **OFFER, gift="on", uscc="91440600MA4X00000X"
        ).press(button_text("Send", ZH))
    first, second = SupplierLead.objects.order_by("pk")
    assert (first.kind, first.unit_price, first.currency) == ("donation", None, "")
    assert first.supplier == second.supplier


def test_unreadable_offer_values_are_refused_at_their_fields_and_nothing_is_stored(story, inquiry_page):
    wrong = inquiry_page.press(
        button_text("Check and send", ZH), **{**OFFER, "supplier": "", "stock": "很多", "price": "面议", "ready_on": "下周"},
        certificate_number="CE 0000",
    )  # fmt: skip
    assert wrong.status == 422
    assert set(wrong.wrong) == {"supplier", "stock", "price", "ready_on", "certificate"}
    assert reloaded_inquiry(story).status == "sent"


def test_answer_with_a_filled_honeypot_field_is_refused(story, inquiry_page):
    wrong = inquiry_page.press(button_text("Check and send", ZH), **OFFER, website="https://spam.example")
    assert (wrong.status, button_text("Please submit the form again.", ZH) in wrong.alert) == (422, True)


def test_answer_to_an_inquiry_cancelled_meanwhile_is_refused_and_the_text_is_kept(story, inquiry_page):
    check = inquiry_page.press(button_text("Check and send", ZH), **OFFER)
    cancel_inquiry(reloaded_inquiry(story), by=story.officer.by, at=AT)
    form = check.form(button_text("Send", ZH))
    refused = check.press(button_text("Send", ZH))
    assert refused.status == 409
    assert refused.alert
    assert refused.value("remark") == form.fields["remark"][0] == OFFER["remark"]
    assert not SupplierLead.objects.exists()


@pytest.mark.parametrize("remark", ["我们这边没有库存，抱歉。", ""])
def test_contact_declines_by_link_with_an_optional_remark_and_only_once(story, inquiry_page, remark):
    ask = inquiry_page.follow(button_text("I cannot help", ZH))
    back = ask.press(button_text("Tell the city", ZH), remark=remark)
    assert (reloaded_inquiry(story).status, reloaded_inquiry(story).remark) == ("declined", remark)
    assert button_text("Thank you. You do not need to do anything more.", ZH) in back
    late = ask.browser.open(f"/a/{story.asked.reference}/cannot/").press(
        button_text("Tell the city", ZH), remark="再说一次"
    )
    assert late.status == 409
    assert reloaded_inquiry(story).remark == remark


def test_inquiry_is_forwarded_by_link_only_with_a_chosen_or_named_colleague(story, inquiry_page):
    ask = inquiry_page.follow(button_text("Please ask my colleague", ZH))
    wrong = ask.press(button_text("Pass on to colleague", ZH))
    assert (wrong.status, bool(wrong.alert)) == (422, True)
    assert reloaded_inquiry(story).status == "sent"
    ask.press(button_text("Pass on to colleague", ZH), to=str(story.colleague.pk), remark="她更熟悉")
    assert reloaded_inquiry(story).status == "forwarded"
    onward = Inquiry.objects.latest("pk")
    assert (onward.contact, onward.supply_request) == (story.colleague, story.asked.supply_request)


def test_naming_an_unknown_colleague_by_link_declines_the_inquiry_with_a_remark(story, inquiry_page):
    inquiry_page.follow(button_text("Please ask my colleague", ZH)).press(
        button_text("Pass on to colleague", ZH), remark="请问卫健委王主任"
    )
    assert (reloaded_inquiry(story).status, reloaded_inquiry(story).remark) == (
        "declined",
        "请问卫健委王主任",
    )


def test_photo_upload_by_link_answers_for_each_file_and_refuses_executables(story, inquiry_page):
    at, client = f"/a/{story.asked.reference}/photo/", inquiry_page.browser.client
    photo = SimpleUploadedFile("执照.jpg", photo_with_location(), "image/jpeg")
    by_script = {"accept": "application/json"}
    answer = client.post(at, {"file": photo}, headers=by_script)
    assert (answer.status_code, answer.json()) == (201, {"id": File.objects.get().pk})
    assert "执照.jpg" in inquiry_page.browser.open(f"/a/{story.asked.reference}/")
    assert client.post(at, {}, headers=by_script).status_code == 422
    wrong = client.post(at, {"file": SimpleUploadedFile("a.exe", b"MZ" * 99)}, headers=by_script)
    assert wrong.status_code == 422
    assert wrong.json()["title"]


def test_contact_link_opens_only_its_own_inquiry(story, inquiry_page):
    other = story.other.reference
    for at in (f"/a/{other}/", f"/a/{other}/cannot/", f"/a/{other}/colleague/", f"/a/{other}/photo/"):
        assert inquiry_page.browser.client.get(at).status_code in (403, 404), at
        assert Client().get(at).status_code == 403, at
        assert inquiry_page.browser.client.post(at, {"remark": "x"}).status_code in (403, 404), at
    assert inquiry_page.browser.open(f"/a/{story.asked.reference}/receipt/SL-2020-9999/").status == 404
    assert Inquiry.objects.get(pk=story.other.pk).status == "sent"


@pytest.mark.parametrize(
    ("language", "stock", "price"), [("en", "200 boxes of 50", "1.92"), ("fr-ca", "200 boîtes de 50", "1,92")]
)
def test_answer_page_accepts_an_offer_in_english_and_french(story, language, stock, price):
    page = open_link_page(story.asked, language)
    check = page.press(button_text("Check and send", language), supplier="Anjie", stock=stock, price=price)
    assert price in check
    check.press(button_text("Send", language))
    lead = SupplierLead.objects.get()
    assert (lead.stock_quantity, lead.unit_price) == (10_000, Decimal("1.92"))


def test_offer_from_daily_production_without_stock_counts_until_its_last_day(story, inquiry_page):
    made = {"supplier": "安洁", "stock": "0", "capacity": "3 500", "ready_on": "2020-04-20"}
    check = inquiry_page.press(button_text("Check and send", ZH), **made, available_until="2020-05-04")
    check.press(button_text("Send", ZH))
    lead = SupplierLead.objects.latest("pk")
    assert (lead.stock_quantity, lead.supply) == (0, 15 * 3_500), "the last day is made on too"
    assert lead.valid_until == date(2020, 5, 4), "what is still to be made is offered as long as it is made"


def test_answer_page_asks_for_litres_when_the_product_is_counted_in_litres(story):
    Product.objects.filter(pk=story.asked.supply_request.lines.get().product_id).update(unit="litre")
    page = open_link_page(story.asked, "en")
    assert "In litres, for example 10,000" in page
    assert "pieces" not in page
    again = page.press(button_text("Check and send", "en"), supplier="Anjie", stock="")
    assert "quantity in stock" in again.wrong["stock"]


def test_offer_produced_on_a_single_day_counts_that_day(story, inquiry_page):
    made = {"supplier": "安洁", "capacity": "900", "ready_on": "2020-05-01", "available_until": "2020-05-01"}
    inquiry_page.press(button_text("Check and send", ZH), **made).press(button_text("Send", ZH))
    assert SupplierLead.objects.latest("pk").supply == 900


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"stock"}),
        ({"stock": "0"}, {"stock"}),
        ({"capacity": "900"}, {"available_until"}),
        ({"capacity": "900", "ready_on": "2020-05-02", "available_until": "2020-05-01"}, {"available_until"}),
        ({"stock": "1", "capacity": "50000"}, {"available_until"}),
        ({"stock": "1", "capacity": "50000", "ready_on": "2020-05-01"}, {"available_until"}),
        ({"capacity": "900", "available_until": "1999-05-01"}, {"available_until"}),
        ({"stock": "1", "lead_days": "1000"}, {"lead_days"}),
        ({"stock": "1", "prepayment_percent": "101"}, {"prepayment_percent"}),
        ({"stock": "1", "pallet_cartons": "100000"}, {"pallet_cartons"}),
    ],
)
def test_offer_without_stock_or_end_of_production_is_refused_at_its_field(story, inquiry_page, typed, wrong):
    again = inquiry_page.press(button_text("Check and send", ZH), supplier="安洁", **typed)
    assert (again.status, set(again.wrong)) == (422, wrong)


def test_review_page_of_an_answer_lists_the_uploaded_photos(story, inquiry_page):
    photo = SimpleUploadedFile("外箱标签.jpg", photo_with_location(), "image/jpeg")
    inquiry_page.browser.client.post(f"/a/{story.asked.reference}/photo/", {"file": photo})
    check = inquiry_page.press(button_text("Check and send", ZH), supplier="安洁", stock="40")
    assert "外箱标签" in check


def send_offer(story, inquiry_page, **typed) -> SupplierLead:
    """Return the offer that was typed, checked and sent."""
    inquiry_page.press(button_text("Check and send", ZH), **{**OFFER, **typed}).press(button_text("Send", ZH))
    return SupplierLead.objects.latest("pk")


def test_numbers_with_units_are_read_and_shown_on_the_review_page_and_price_per_box_is_refused(
    story, inquiry_page
):
    check = inquiry_page.press(
        button_text("Check and send", ZH), **{**OFFER, "stock": "2万只", "price": "1.2元/只"}
    )
    for words in ("20,000", "2万只", "1.20", "1.2元/只"):
        assert words in check, words
    again = check.press(button_text("Change answers", ZH))
    assert "= 20,000" in again
    per_box = inquiry_page.press(button_text("Check and send", ZH), **{**OFFER, "price": "60元/盒"})
    assert (per_box.status, set(per_box.wrong)) == (422, {"price"})


def test_receipt_repeats_the_sent_answer_and_the_review_page_links_to_each_field(story, inquiry_page):
    check = inquiry_page.press(button_text("Check and send", ZH), **OFFER)
    places = check.root.xpath("//button[@name='change']/@formaction")
    assert {f"/a/{story.asked.reference}/#id_{name}" for name in ("supplier", "stock", "price")} <= set(
        places
    )
    receipt = check.press(button_text("Send", ZH))
    for words in (
        OFFER["supplier"],
        "10,000",
        "1.92 CNY",
        "可以先寄样品。",
        button_text("What happens next", ZH),
    ):
        assert words in receipt, words


def test_offer_is_corrected_and_withdrawn_by_its_inquiry_link(story, inquiry_page):
    lead = send_offer(story, inquiry_page)
    here = inquiry_page.browser.open(f"/a/{story.asked.reference}/")
    form = here.follow(button_text("Correct offer", ZH))
    after = form.press(button_text("Save changes", ZH), stock_quantity="1.5万", unit_price="1.80")
    lead.refresh_from_db()
    assert (lead.stock_quantity, lead.unit_price, lead.currency) == (15_000, Decimal("1.8"), "CNY")
    ask = after.follow(button_text("Withdraw offer", ZH))
    assert ask.press(button_text("Withdraw offer", ZH)).status == 422
    end = ask.press(button_text("Withdraw offer", ZH), reason="已售完")
    lead.refresh_from_db()
    assert lead.status == "withdrawn"
    assert button_text("Correct offer", ZH) not in end


def test_link_of_one_inquiry_cannot_change_offers_of_another(story, inquiry_page):
    lead = send_offer(story, open_link_page(story.other))
    for more in ("", "withdraw/", "tell/"):
        at = f"/a/{story.asked.reference}/offers/{lead.reference}/{more}"
        assert inquiry_page.browser.client.post(at, {"reason": "x"}).status_code == 404


def test_saved_answer_draft_opens_in_another_browser_by_code_but_not_for_another_contact(story, inquiry_page):
    (button,) = inquiry_page.root.xpath("//button[contains(@formaction, '/draft/')]")
    html = inquiry_page.browser.client.post(button.get("formaction"), OFFER).content.decode()
    (code,) = re.findall(r"<strong>(\d{3} \d{3})</strong>", html)
    assert not SupplierLead.objects.exists()
    computer = open_link_page(story.asked)
    wrong = computer.press(
        button_text("Open draft", ZH), draft_code="000 000" if code != "000 000" else "000 001"
    )
    assert (wrong.status, bool(wrong.alert)) == (422, True)
    form = computer.press(button_text("Open draft", ZH), draft_code=code)
    for name, typed in OFFER.items():
        assert form.value(name) == typed, name
    colleague = open_link_page(story.other).press(button_text("Open draft", ZH), draft_code=code)
    assert colleague.status == 422


def test_choice_between_stock_and_production_is_kept_and_decides_the_stored_quantity(story, inquiry_page):
    assert inquiry_page.form(button_text("Check and send", ZH)).fields["supply"] == ["in_stock"]
    made = {**OFFER, "stock": ""}
    again = inquiry_page.press(button_text("Check and send", ZH), **made).press(
        button_text("Change answers", ZH)
    )
    assert again.form(button_text("Check and send", ZH)).fields["supply"] == ["made"]
    lead = send_offer(story, inquiry_page, stock="")
    assert (lead.stock_quantity, lead.capacity_per_day) == (0, 5_000)
