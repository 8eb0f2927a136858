"""Tests of unwanted goods on pages and through the API: the list, letters, and warnings on offers."""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import grant_role
from procurement.leads.models.leads import SupplierLead
from procurement.requests.unwanted_goods.actions import add_unwanted_goods
from procurement.requests.unwanted_goods.models import UnwantedGoods
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page, open_link_page_of
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
REASON = "Our stock lasts a year."
WARNING = "These goods may be unwanted"


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning(story.city, story.contact.city)
        line = story.line(8_000)
        story.goods, story.need = line.product, line.supply_request
        story.inquiry = story.asked(line)
        assert story.supplier and story.observer and story.stranger
        yield story


def unwanted(story, **facts) -> UnwantedGoods:
    goods = facts or {"product": story.goods}
    return add_unwanted_goods(story.city, reason=REASON, **goods, by=story.officer.by, at=AT)


def test_officer_adds_and_removes_unwanted_goods_on_their_pages(story):
    officer = Browser(story.officer.user)
    assert "Nothing on the list yet." in officer.open("/unwanted-goods/")
    wrong = officer.open("/unwanted-goods/new/").press("Add unwanted goods", reason=REASON)
    assert set(wrong.wrong) == {"product"}
    shown = wrong.press("Add unwanted goods", product=str(story.goods.pk), condition="no_test_report")
    added = UnwantedGoods.objects.get()
    assert (added.city, added.product, added.condition) == (story.city, story.goods, "no_test_report")
    assert shown.heading == f"{story.goods.name} (without a test report)"
    assert REASON in officer.open("/unwanted-goods/")
    shown.do("withdraw", added, reason="We need some.")
    added.refresh_from_db()
    assert added.status == "withdrawn"


def test_anyone_reads_without_an_account_what_holds_in_each_city(story):
    today = story.city.day_at(AT)
    unwanted(story, family="glove", ends_on=today)
    unwanted(story, family="mask", ends_on=today)
    UnwantedGoods.objects.filter(family="mask").update(ends_on=today - timedelta(days=1))
    page = Browser().open("/do-not-send/")
    assert page.status == 200
    assert "Gloves" in page
    assert REASON in page
    assert "Masks" not in page
    UnwantedGoods.objects.all().update(status="withdrawn")
    assert "Nothing on the list yet." in Browser().open("/do-not-send/")


@pytest.mark.parametrize("who", ["observer", "stranger"])
def test_others_read_the_list_and_change_nothing(story, who):
    added, reader = unwanted(story), getattr(story, who)
    listed = Browser(reader.user).open("/unwanted-goods/")
    assert REASON in listed
    assert "Remove from list" not in Browser(reader.user).open(added).buttons
    may_add = "/unwanted-goods/new/" in [way for pair in listed.ways for way in pair]
    assert may_add == (who == "stranger"), "the stranger is an officer of another city, and has its list"


def test_coordinator_chooses_between_a_city_and_all_cities(story):
    user = cities.member("officer", story.city, "Coordinator")
    grant_role(user, role="coordinator", city=None, by=CONSOLE_ACTOR, at=AT)
    page = Browser(user).open("/unwanted-goods/new/")
    assert set(page.form("Add unwanted goods").choices("city")) == {"All cities", story.city.name_en}
    page.press("Add unwanted goods", city="", family="glove", reason=REASON)
    assert UnwantedGoods.objects.get().city is None


def test_contact_reads_unwanted_goods_before_offering_and_is_warned_before_sending(story):
    unwanted(story)
    unwanted(story, family="glove")
    page = open_link_page(story.inquiry, "en")
    assert "Please do not send" in page
    assert f"Gloves: {REASON}" in page
    check = page.press("Check and send", supplier="Anjie DEMO", stock="500")
    assert WARNING in check
    assert f"{story.goods.name}: {REASON}" in check
    assert "Gloves" not in check
    check.press("Send")
    assert SupplierLead.objects.count() == 1


def test_contact_is_not_warned_of_goods_that_are_wanted(story):
    unwanted(story, family="glove")
    check = open_link_page(story.inquiry, "en").press("Check and send", supplier="Anjie DEMO", stock="500")
    assert WARNING not in check


def test_unsolicited_offer_of_unwanted_goods_is_sent_after_a_warning(story):
    unwanted(story)
    own = open_link_page_of(story.contact.user, story.contact, "my-page", language="en")
    assert f"{story.goods.name}: {REASON}" in own
    form = own.follow("We would like to donate")
    warned = form.press("Send", supplier="宏达 DEMO", product=str(story.goods.pk), stock_quantity="300")
    assert (warned.status, WARNING in warned, REASON in warned) == (200, True, True)
    assert not SupplierLead.objects.exists()
    assert "Your offer was sent" in warned.press("Send")
    assert SupplierLead.objects.get().supply == 300


def test_officer_is_warned_before_entering_an_offer_given_by_phone(story):
    unwanted(story)
    call = Browser(story.officer.user).open(f"{story.inquiry.get_absolute_url()}record_phone_reply/")
    line = str(story.need.lines.get().pk)
    page = call.press(
        "Record phone reply", remark="They have some.", supplier="Anjie DEMO", stock="500", line=line
    )
    warned = page.press("Submit the offer")
    assert (warned.status, WARNING in warned, REASON in warned) == (200, True, True)
    assert not SupplierLead.objects.exists()
    warned.press("Submit the offer")
    assert SupplierLead.objects.get().supply == 500


def test_officer_is_warned_before_entering_an_offer_and_on_its_page(story):
    unwanted(story)
    facts = {"supplier": str(story.supplier.pk), "product": str(story.goods.pk), "stock_quantity": "300"}
    officer = Browser(story.officer.user)
    warned = officer.open("/leads/new/").press("Submit the offer", **facts)
    assert (warned.status, REASON in warned) == (200, True)
    assert not SupplierLead.objects.exists()
    shown = warned.press("Submit the offer")
    assert WARNING in shown
    assert REASON in shown
    UnwantedGoods.objects.update(ends_on="2020-04-01")
    assert WARNING not in officer.open(SupplierLead.objects.get())


def test_letter_to_several_contacts_quotes_unwanted_goods(story):
    unwanted(story, family="glove")
    contacts = [cities.contact("zhongshan", name, language="en") for name in ("Wang Fang", "Zhao Min")]
    ticked = "&".join(f"contact={one.pk}" for one in contacts)
    page = Browser(story.officer.user).open(f"{story.need.get_absolute_url()}ask/write/?{ticked}")
    assert f"Gloves: {REASON}" in page.value("body_en")


def test_api_adds_lists_and_withdraws_unwanted_goods_and_warns_of_an_offer(story):
    program = Program(story.officer.user)
    body = {"city": story.city.slug, "product": story.goods.code, "reason": REASON, "ends_on": "2099-04-30"}
    refused = program.refused("unwanted-goods/", {**body, "family": "mask"})
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("bad_goods", "#/family")
    added = program.post("unwanted-goods/", body)
    reference = added["reference"]
    for query, found in (
        ("on=2099-04-30", [reference]),
        ("on=2099-05-01", []),
        (f"product={story.goods.code}", [reference]),
        ("family=glove", []),
    ):
        assert [one["reference"] for one in program.get(f"unwanted-goods/?{query}")["results"]] == found
    offer = {"city": story.city.slug, "supplier": story.supplier.reference, "product": story.goods.code}
    lead = program.post("supplier-leads/", {**offer, "kind": "sale", "stock_quantity": 500})
    assert lead["unwanted"] == [{"reference": reference, "goods": story.goods.name, "reason": REASON}]
    program.post(f"unwanted-goods/{reference}/withdraw/", {"reason": "We need some."})
    assert program.get(f"supplier-leads/{lead['reference']}/")["unwanted"] == []
