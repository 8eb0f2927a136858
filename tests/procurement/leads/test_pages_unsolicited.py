"""Tests of unsolicited offers: a contact makes one, a city accepts or declines it, a coordinator passes it on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.models.products import Product
from procurement.leads.actions.decisions import ask_if_still_valid
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.actions.unsolicited import (
    accept_unsolicited,
    decline_unsolicited,
    pass_on_unsolicited,
)
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.requests.actions.requests import stop_request
from procurement.requests.unwanted_goods.actions import add_unwanted_goods
from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.actors import SYSTEM
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning(story.city, story.contact.city)
        story.need = story.line().supply_request
        story.goods = story.need.lines.get().product
        assert story.supplier, "made once for all tests"
        story.stranger_there = cities.contact("wuhan", "Hu Min")  # a city without an agreement
        yield story


def open_own_page(contact):
    return open_link_page_of(contact.user, contact, "my-page", language="en")


def unsolicited_offer(story, contact=None, city=None, **facts) -> SupplierLead:
    """Return an unsolicited offer, by default of Zhongshan's contact to Burnaby."""
    who = contact or story.contact
    given = {
        "product": story.goods,
        "supplier": story.supplier,
        "stock_quantity": 500,
        **facts,
    }
    by = cities.powers_for(who.user)
    where = city if city is not None or contact is not None else story.city
    lead = draft_lead(where, author=who.user, contact=who, by=by, at=AT, **given)
    return submit_lead(lead, by=by, at=AT)


def recipients_of_latest(lead) -> dict[int, str]:
    """Return the people notified of the latest entry, each with the template of the email, if any."""
    built = build_notifications_for_entry(history_of(lead).first(), AT)
    noticed = {one.recipient_id: "" for one in built.notices}
    return noticed | {one.recipient_id: one.template for one in built.messages}


def test_contact_offers_goods_of_a_manufacturer_on_their_own_page_and_the_city_is_notified(story):
    form = open_own_page(story.contact).follow("We know a manufacturer")
    wrong = form.press("Send", supplier="宏达 DEMO", product=str(story.goods.pk))
    assert set(wrong.wrong) == {"stock_quantity"}
    last = (clock.now() + timedelta(days=30)).date()
    facts = {"capacity_per_day": "2000", "available_until": last.isoformat()}
    done = wrong.press("Send", **facts)
    assert "Your offer was sent" in done
    lead = SupplierLead.objects.get()
    assert (lead.city, lead.contact, lead.kind, lead.status) == (
        story.city,
        story.contact,
        "sale",
        "received",
    )
    assert (lead.supplier.legal_name_local, lead.supplier.role) == ("宏达 DEMO", "maker")
    assert (lead.is_unsolicited, lead.responsible_user, lead.capacity_per_day) == (True, None, 2_000)
    assert story.officer.user.pk in recipients_of_latest(lead)
    officer = Browser(story.officer.user)
    assert "has made an unsolicited offer of goods from 宏达 DEMO" in officer.open("/")
    assert "Unsolicited offer" in officer.open(lead)


def test_contact_states_price_and_certificate_of_goods_for_sale_and_only_a_certificate_of_a_donation(story):
    own = open_own_page(story.contact)
    form = own.follow("We know a manufacturer")
    facts = {"supplier": "宏达 DEMO", "product": str(story.goods.pk), "stock_quantity": "500"}
    wrong = form.press("Send", **facts, unit_price="0.35", currency="USD", certificate_number="粤械注准 1")
    assert set(wrong.wrong) == {"certificate"}
    chosen = next(value for value in wrong.form("Send").choices("certificate").values() if value)
    wrong.press("Send", certificate=chosen)
    lead = SupplierLead.objects.get()
    assert (lead.unit_price, lead.currency) == (Decimal("0.35"), "USD")
    certificate = lead.supplier.certificates.get()
    assert (certificate.kind_id, certificate.number) == (int(chosen), "粤械注准 1")
    assert certificate.contact == story.contact
    gift = own.browser.open(f"/me/{story.contact.pk}/offer/donation/").form("Send")
    asked = {"unit_price", "currency", "certificate", "certificate_number"} & set(gift.fields)
    assert asked == {"certificate", "certificate_number"}


def test_contact_corrects_confirms_and_withdraws_an_unsolicited_offer_by_the_link_to_their_own_page(story):
    lead = unsolicited_offer(story)
    story.asked(story.line())  # an inquiry waits on the same page
    own = open_own_page(story.contact)
    own.follow("Correct offer").press("Save changes", stock_quantity="700")
    lead.refresh_from_db()
    assert lead.stock_quantity == 700
    SupplierLead.objects.update(valid_until=story.city.day_at(clock.now()) + timedelta(days=1))
    page = own.browser.open(own.at).press("My offer is still valid")
    assert "can now see that your offer is still valid" in page
    accept_unsolicited(lead, accepted_by=story.officer.user, by=story.officer.by, at=AT)
    page.follow("Withdraw offer").press("Withdraw offer", reason="Sold elsewhere.")
    lead.refresh_from_db()
    assert (lead.status, history_of(lead).first().via) == ("withdrawn", "link")
    assert set(recipients_of_latest(lead)) == {story.officer.user.pk}
    assert not {"Correct offer", "Withdraw offer"} & {words for words, _way in own.browser.open(own.at).ways}


def test_link_to_own_page_opens_no_answer_to_an_inquiry_and_no_offer_of_another_contact(story):
    own = open_own_page(story.contact)
    other = unsolicited_offer(story, contact=story.stranger_there)
    answer = unsolicited_offer(story, inquiry=story.asked(story.line()))
    for lead in (other, answer):
        assert own.browser.open(f"/me/{story.contact.pk}/offers/{lead.reference}/").status == 404
    page = own.browser.open(f"/me/{story.stranger_there.pk}/offers/{other.reference}/")
    assert page.status in (403, 404)


def test_contact_is_asked_before_an_unsolicited_offer_ends_with_a_link_to_their_own_page(story):
    lead = unsolicited_offer(story)
    SupplierLead.objects.update(valid_until=story.city.day_at(AT) + timedelta(days=1))
    lead.refresh_from_db()
    ask_if_still_valid(lead, by=SYSTEM, at=AT)
    mail = build_notifications_for_entry(history_of(lead).first(), AT).messages[0]
    assert (mail.recipient_id, mail.template) == (story.contact.user.pk, "offer_ends")
    assert mail.link["purpose"] == "my-page"


def test_short_form_lists_first_what_the_city_asks_not_to_send(story):
    add_unwanted_goods(story.city, family="glove", reason="We have enough.", by=story.officer.by, at=AT)
    form = open_own_page(story.contact).follow("We would like to donate")
    assert "Please do not send" in form
    assert "Gloves: We have enough." in form


def test_known_company_in_an_unsolicited_offer_is_not_entered_again(story):
    form = open_own_page(story.contact).follow("We would like to donate")
    facts = {"product": str(story.goods.pk), "stock_quantity": "2万"}
    page = form.press("Send", supplier=story.supplier.legal_name_local, **facts)
    assert "Similar companies are already on record" in page
    assert not SupplierLead.objects.exists()
    page.press("Send", same_as=story.supplier.reference)
    lead = SupplierLead.objects.get()
    assert (lead.supplier, lead.kind, lead.supply) == (story.supplier, "donation", 20_000)


def test_signed_in_contact_makes_an_unsolicited_offer_for_a_visible_need(story):
    page = Browser(story.contact.user, language="en").open(story.need)
    form = page.press("We would like to donate")
    assert story.need.reference in form
    form.press("Send", supplier="红十字 DEMO", stock_quantity="300")
    lead = SupplierLead.objects.get()
    assert (lead.line, lead.city) == (story.need.lines.get(), story.city)
    stop_request(story.need, reason="enough", by=story.officer.by, at=AT)
    assert (
        "We would like to donate" not in Browser(story.contact.user, language="en").open(story.need).buttons
    )
    own = open_own_page(story.contact)
    assert (
        own.browser.open(f"/me/{story.contact.pk}/offer/donation/?need={story.need.reference}").status == 404
    )


def test_contact_can_offer_only_to_cities_with_an_agreement_and_for_visible_needs(story):
    far = cities.city("oakville")
    with assert_refused("no_agreement"):
        unsolicited_offer(story, city=far)
    with assert_refused("no_agreement"):
        unsolicited_offer(story, contact=story.contact)  # without a city, although one has an agreement
    with assert_refused("no_agreement"):
        unsolicited_offer(story, contact=story.stranger_there, city=story.city)
    with assert_refused("not_ready"):
        unsolicited_offer(story, contact=story.stranger_there, city=story.city, line=story.need.lines.get())
    question = story.asked(story.line())
    with assert_refused("another_inquiry"):
        unsolicited_offer(story, contact=story.contact, city=far, inquiry=question)
    story.need.visibility = "network"
    story.need.save(update_fields=["visibility"])
    assert unsolicited_offer(
        story, contact=story.stranger_there, city=story.city, line=story.need.lines.get()
    ).is_unsolicited


def test_offer_without_an_agreement_is_passed_on_by_a_coordinator(story):
    coordinator = cities.member("coordinator")
    form = open_own_page(story.stranger_there).follow("We know a manufacturer")
    assert "A coordinator of the network passes your offer on" in form
    form.press("Send", supplier="宏达 DEMO", product=str(story.goods.pk), stock_quantity="900")
    lead = SupplierLead.objects.get()
    assert (lead.city, lead.is_without_city) == (story.stranger_there.city, True)
    assert set(recipients_of_latest(lead)) == {coordinator.pk}
    assert Browser(story.officer.user).open(lead).status == 404
    with assert_refused("not_ready", lead):
        accept_unsolicited(lead, accepted_by=coordinator, by=cities.powers("officer", lead.city), at=AT)
    program = Program(coordinator)
    own = program.refused(f"supplier-leads/{lead.reference}/pass-on/", {"city": lead.city.slug})
    assert (own["code"], own["errors"][0]["pointer"]) == ("own_city", "#/city")
    lead.refresh_from_db()
    assert (lead.city, lead.is_without_city) == (story.stranger_there.city, True)
    seen = Browser(coordinator)
    assert "Find a city for the goods from 宏达 DEMO" in seen.open("/")
    seen.open(f"{lead.get_absolute_url()}pass_on/").press("Pass on to a city", city=str(story.city.pk))
    lead.refresh_from_db()
    assert (lead.city, lead.is_without_city) == (story.city, False)
    assert seen.open(lead).status == 404
    assert story.officer.user.pk in recipients_of_latest(lead)
    with assert_refused("not_allowed", lead):
        pass_on_unsolicited(lead, city=cities.city("oakville"), by=cities.powers_for(coordinator), at=AT)


def test_unsolicited_offer_is_accepted_by_a_responsible_officer_or_declined_with_thanks(story):
    taken, left = unsolicited_offer(story), unsolicited_offer(story)
    page = Browser(story.officer.user).open(taken)
    assert {"Accept for review", "Decline with thanks"} <= set(page.buttons) | {way for way, _ in page.ways}
    accept_unsolicited(taken, accepted_by=story.officer.user, by=story.officer.by, at=AT)
    assert (taken.status, taken.responsible_user, taken.line) == ("received", story.officer.user, None)
    assert recipients_of_latest(taken)[story.contact.user.pk] == "unsolicited_accepted"
    with assert_refused("not_ready", taken):
        accept_unsolicited(taken, accepted_by=story.officer.user, by=story.officer.by, at=AT)
    decline_unsolicited(left, by=story.officer.by, at=AT)
    assert left.status == "rejected"
    assert recipients_of_latest(left)[story.contact.user.pk] == "lead_not_taken"


def test_unsolicited_offer_is_accepted_for_a_line_that_lists_its_product(story):
    respirators, gloves = story.line(900, "RESP_KN95"), story.line(400, "GLOVE_EXAM_NITRILE")
    accept_alternative(respirators, "MASK_SURG")
    lead = unsolicited_offer(story)
    page = Browser(story.officer.user).open(f"{lead.get_absolute_url()}accept/")
    offered = set(page.form("Accept for review").choices("line").values())
    assert {str(story.need.lines.get().pk), str(respirators.pk)} <= offered
    assert str(gloves.pk) not in offered
    page.press("Accept for review", line=str(respirators.pk))
    lead.refresh_from_db()
    assert (lead.line, lead.meets) == (respirators, "accepted")


def test_unsolicited_offer_for_a_need_keeps_the_line_that_its_contact_named(story):
    named, other = story.line(800), story.line(2_500)
    named.supply_request.visibility = "network"
    named.supply_request.save(update_fields=["visibility"])
    lead = unsolicited_offer(story, line=named)
    accept_unsolicited(lead, line=other, accepted_by=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.line, lead.accepted_by) == (named, story.officer.user)
    for line, offered in ((named, 500), (other, 0)):
        line.refresh_from_db()
        assert line.offered == offered


def test_contact_offers_an_accepted_alternative_for_a_visible_need(story):
    accept_alternative(story.need.lines.get(), "RESP_KN95", "GB2626-2006-KN95")
    respirators = Product.objects.get(code="RESP_KN95")
    form = Browser(story.contact.user, language="en").open(story.need).press("We would like to donate")
    offered = {value for value in form.form("Send").choices("product").values() if value}
    assert offered == {str(respirators.pk)}
    form.press("Send", supplier="红十字 DEMO", stock_quantity="300", product=str(respirators.pk))
    lead = SupplierLead.objects.get()
    assert (lead.line, lead.product, lead.meets) == (story.need.lines.get(), respirators, "unknown")


def test_short_form_for_a_need_without_alternatives_asks_for_no_product(story):
    form = Browser(story.contact.user, language="en").open(story.need).press("We would like to donate")
    assert "product" not in form.form("Send").fields


def test_checks_of_an_unsolicited_offer_start_only_after_acceptance(story):
    lead = unsolicited_offer(story)
    moves = Program(story.officer.user).get(f"supplier-leads/{lead.reference}/")["available_moves"]
    open_now = {one["verb"] for one in moves if one["open"]}
    assert {"accept", "decline"} <= open_now
    assert not {"check", "reject"} & open_now


@pytest.mark.parametrize("named", [True, False])
def test_donation_accepted_without_a_need_gets_a_need_line_in_the_same_step(story, named):
    lead = unsolicited_offer(story, kind="donation", stock_quantity=700)
    line = story.need.lines.get() if named else None
    accept_unsolicited(lead, line=line, accepted_by=story.officer.user, by=story.officer.by, at=AT)
    if named:
        assert lead.line == line
        return
    need = lead.line.supply_request
    assert (need.status, need.author, need.accepts) == ("draft", story.officer.user, ["donation"])
    assert (lead.line.product, lead.line.quantity) == (lead.product, 700)
    assert Browser(story.officer.user).open(need).status == 200


def test_api_accepts_company_and_unsolicited_offer_of_a_contact_within_the_same_limits(story):
    program = Program(story.contact.user)
    company = {"legal_name_local": "南山 DEMO", "country": "CN"}
    assert program.refused("suppliers/", company)["status"] == 403
    assert program.refused("suppliers/", company | {"contact": story.stranger_there.pk})["status"] in (
        403,
        422,
    )
    made = program.post("suppliers/", company | {"contact": story.contact.pk})
    body = {
        "contact": story.contact.pk,
        "supplier": made["reference"],
        "product": story.goods.code,
        "stock_quantity": 400,
    }
    for city in ({"city": cities.city("oakville").slug}, {}):
        no = program.refused("supplier-leads/", body | city)
        assert (no["status"], no["code"]) == (422, "no_agreement")
    lead = program.post("supplier-leads/", body | {"city": story.city.slug})
    program.post(f"supplier-leads/{lead['reference']}/offer/")
    officer = Program(story.officer.user)
    assert (
        officer.post(f"supplier-leads/{lead['reference']}/accept/")["accepted_by"] == story.officer.user.name
    )
    assert Supplier.objects.get(reference=made["reference"]).contact == story.contact
    assert (
        officer.refused("supplier-leads/", {key: body[key] for key in body if key != "contact"})["status"]
        == 422
    )
