"""Suggested contacts by the goods of a need: every line still to find counts, known makers, earlier gifts, and no leak."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from partners.contacts.models import Contact
from partners.routing.recommendations import Recommendation
from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import draft_lead, share_lead, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_messages
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.contacts import suggested_contacts
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import draft_request
from procurement.requests.models import SupplyRequest
from procurement.suppliers.actions.suppliers import add_supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page_of
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Person, Story
from workflow.i18n import translate_all
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
MASK, KN95, GLOVE = "MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"
NAMES = {MASK: "Surgical mask (fluid resistant)", GLOVE: "Examination glove, nitrile"}
MAKERS = "makers of masks are known in Huai’an"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        assert story.officer and story.verifier and story.stranger and story.contact and story.checker
        for place in ("wuhan", "huaian", "zhongshan"):
            cities.twinning("burnaby", place)
        story.wuhan = cities.contact("wuhan", "Wang Fang")
        story.huaian = cities.contact("huaian", "Zhao Min")
        yield story


def need_of(story: Any, *products: str, quantity: int = 10_000) -> SupplyRequest:
    """Return a posted need with a line of this quantity for each product."""
    need: SupplyRequest = story.line(quantity).supply_request
    rows = Product.objects.in_bulk(products, field_name="code")
    lines = [LineFacts(product=rows[code], quantity=quantity) for code in products]
    return set_lines(need, lines, by=story.officer.by, at=AT)


def suggestions(need: SupplyRequest, at: datetime = AT) -> list[Recommendation]:
    return suggested_contacts(SupplyRequest.objects.get(pk=need.pk), at, "en")


def order_of(need: SupplyRequest, *people: Contact) -> list[str]:
    """Return the names of these contacts in the order of the suggestions."""
    return [one.contact.user.name for one in suggestions(need) if one.contact in people]


def reasons_for(need: SupplyRequest, contact: Contact, at: datetime = AT) -> dict[str, str]:
    """Return the reasons for a contact by code, in English."""
    (one,) = (one for one in suggestions(need, at) if one.contact == contact)
    with translation.override("en"):
        return {reason.code: str(reason.sentence) for reason in one.ranked_contact.reasons}


def offer_from(
    story: Any, place: str, product: str = MASK, *, owner: Person | None = None, city: str = "burnaby"
) -> SupplierLead:
    """Return an offer to a city by a maker at a place, without a need."""
    by = owner or story.officer
    maker = add_supplier(
        legal_name_local=f"{place} {product} {city} DEMO", country="CN", role="maker", place=cities.city(place),
        entered_by=by.user, by=by.by, at=AT,
    )  # fmt: skip
    lead = draft_lead(
        cities.city(city), author=by.user, by=by.by, at=AT, supplier=maker, stock_quantity=500,
        product=Product.objects.get(code=product), kind="sale",
    )  # fmt: skip
    return submit_lead(lead, by=by.by, at=AT)


# --- all lines ---
@pytest.mark.parametrize("products", [(MASK, GLOVE), (GLOVE, MASK), (KN95, MASK, GLOVE)])
@pytest.mark.parametrize(("family", "known"), [("glove", GLOVE), ("mask", MASK)])
def test_contact_who_knows_the_goods_of_any_line_is_suggested_first(
    story: Any, products: tuple[str, ...], family: str, known: str
) -> None:
    knower = cities.contact("wuhan", "He Min", families=[family])
    need = need_of(story, *products)
    assert suggestions(need)[0].contact == knower
    assert reasons_for(need, knower)["family"] == f"knows these goods: {NAMES[known]}"


def test_contact_who_knows_more_lines_is_suggested_first(story: Any) -> None:
    one = cities.contact("huaian", "Sun Li", families=["mask"])
    two = cities.contact("wuhan", "He Min", families=["glove", "respirator"])
    assert order_of(need_of(story, MASK, KN95, GLOVE), one, two) == ["He Min", "Sun Li"]
    assert order_of(need_of(story, MASK, GLOVE), one, two) == ["Sun Li", "He Min"], (
        "one each: the first entered"
    )


@pytest.mark.parametrize(
    ("offered", "first"),
    [(0, "Sun Li"), (4_000, "Sun Li"), (9_999, "Sun Li"), (10_000, "He Min"), (30_000, "He Min")],
)
@pytest.mark.parametrize("counter", ["offered", "verified_free", "allocated"])
def test_line_counts_until_its_whole_quantity_is_found(
    story: Any, counter: str, offered: int, first: str
) -> None:
    masks, gloves = (
        cities.contact("huaian", "Sun Li", families=["mask"]),
        cities.contact("wuhan", "He Min", families=["glove"]),
    )
    need = need_of(story, MASK, GLOVE)
    need.lines.filter(position=1).update(
        **{counter: min(offered, 10_000) if counter == "allocated" else offered}
    )
    assert order_of(need, masks, gloves)[0] == first


def test_sum_of_allocated_verified_and_offered_goods_covers_a_line(story: Any) -> None:
    masks, gloves = (
        cities.contact("huaian", "Sun Li", families=["mask"]),
        cities.contact("wuhan", "He Min", families=["glove"]),
    )
    need = need_of(story, MASK, GLOVE)
    need.lines.filter(position=1).update(allocated=3_000, verified_free=3_000, offered=4_000)
    assert order_of(need, masks, gloves) == ["He Min", "Sun Li"]
    assert "family" not in reasons_for(need, masks)
    need.lines.filter(position=1).update(offered=3_999)
    assert order_of(need, masks, gloves) == ["Sun Li", "He Min"]


def test_all_lines_count_once_nothing_is_left_to_find(story: Any) -> None:
    masks = cities.contact("huaian", "Sun Li", families=["mask"])
    need = need_of(story, MASK, GLOVE)
    need.lines.update(offered=10_000)
    assert reasons_for(need, masks)["family"] == f"knows these goods: {NAMES[MASK]}"


def test_covered_line_is_left_out_after_a_verified_offer(story: Any) -> None:
    masks, gloves = (
        cities.contact("huaian", "Sun Li", families=["mask"]),
        cities.contact("wuhan", "He Min", families=["glove"]),
    )
    need = need_of(story, MASK, GLOVE)
    assert order_of(need, masks, gloves) == ["Sun Li", "He Min"]
    story.lead(need.lines.get(position=1), 10_000)
    assert order_of(need, masks, gloves) == ["He Min", "Sun Li"]


# --- the place ---
def test_place_with_a_known_maker_is_suggested_first_with_the_reason(story: Any) -> None:
    need = need_of(story, GLOVE, MASK)
    assert order_of(need, story.wuhan, story.huaian) == ["Wang Fang", "Zhao Min"]
    offer_from(story, "huaian")
    assert order_of(need, story.wuhan, story.huaian) == ["Zhao Min", "Wang Fang"]
    assert reasons_for(need, story.huaian)["makers"] == MAKERS
    assert "makers" not in reasons_for(need, story.wuhan)
    assert "makers" not in reasons_for(need_of(story, GLOVE), story.huaian), "makers of other goods"


@pytest.mark.parametrize(
    ("items", "kind", "when", "words"),
    [
        ("face masks", "ppe_donation", "2020-04-08", "Huai’an gave masks in 2020"),
        ("口罩", "ppe_donation", "2003", "Huai’an gave masks in 2003"),
        ("opera masks and silk gowns", "gift", "2003", None),
        ("gants d’examen", "ppe_donation", "2020-03", "Huai’an gave gloves in 2020"),
        ("Surgical mask (fluid resistant)", "ppe_donation", "2020-04-16", "Huai’an gave masks in 2020"),
        ("N95 masks", "ppe_donation", "2020-04-08", None),  # respirators, which no line asks for
        ("PPE", "ppe_donation", "2020-04-08", None),
        ("", "ppe_donation", "2020-04-08", None),
        ("offer of masks", "letter", "2020-04-08", None),
        ("masks", "ppe_offer_not_delivered", "2020-04-08", None),
        ("masks", "ppe_purchase", "2020-04-08", None),
        ("masks", "ppe_donation", "2020-04-17", None),  # later than the day of the suggestions
    ],
)
def test_place_that_gave_such_goods_is_suggested_first_with_the_year(
    story: Any, items: str, kind: str, when: str, words: str | None
) -> None:
    cities.exchange("huaian", "oakville", when, kind=kind, items=items)
    need = need_of(story, MASK, GLOVE)
    first = ["Wang Fang", "Zhao Min"] if words is None else ["Zhao Min", "Wang Fang"]
    assert order_of(need, story.wuhan, story.huaian) == first
    assert reasons_for(need, story.huaian).get("gifts") == words
    assert "gifts" not in reasons_for(need, story.wuhan)


def test_last_gift_of_each_family_is_named(story: Any) -> None:
    for when, items in (("2003", "masks"), ("2020-02", "surgical masks"), ("2011-05-01", "masks and gloves")):
        cities.exchange("huaian", "markham", when, kind="ppe_donation", items=items)
    need = need_of(story, GLOVE, MASK)
    (one,) = (one for one in suggestions(need) if one.contact == story.huaian)
    said = [translate_all(why.sentence) for why in one.ranked_contact.reasons if why.code == "gifts"]
    assert [one["en"] for one in said] == ["Huai’an gave masks in 2020", "Huai’an gave gloves in 2011"]
    assert said[0]["zh"] == "淮安市曾于2020年捐赠口罩"
    assert "Huai’an a donné en 2020" in said[0]["fr"]
    assert "masques" in said[0]["fr"]


# --- offers to other cities ---
def test_offer_to_another_city_is_not_revealed_until_it_is_shared(story: Any) -> None:
    need, program = need_of(story, MASK), Program(story.officer.user)
    page, address = (
        f"{need.get_absolute_url()}ask/",
        f"inquiries/suggestions/?supply_request={need.reference}",
    )
    before = program.get(address)
    theirs = offer_from(story, "huaian", owner=story.stranger, city="markham")
    assert program.get(address) == before
    assert "makers" not in Browser(story.officer.user).open(page)
    share_lead(theirs, city=story.city, by=story.stranger.by, at=AT)
    codes = {
        one["contact"]: [why["code"] for why in one["reasons"]] for one in program.get(address)["suggestions"]
    }
    assert "makers" in codes[story.huaian.pk]
    assert MAKERS in Browser(story.officer.user).open(page)


def test_reason_from_own_offers_is_not_kept_on_the_inquiry_that_others_read(story: Any) -> None:
    offer_from(story, "huaian")
    cities.exchange("huaian", "oakville", "2020-04-08", kind="ppe_donation", items="masks")
    need = need_of(story, MASK)
    assert {"makers", "gifts"} <= reasons_for(need, story.huaian).keys()
    Browser(story.officer.user).open(f"{need.get_absolute_url()}ask/{story.huaian.pk}/").press("Send request")
    codes = {why["code"] for why in Inquiry.objects.get().reasons}
    assert "gifts" in codes
    assert "makers" not in codes


def test_reason_from_own_offers_is_not_kept_when_a_program_names_it(story: Any) -> None:
    offer_from(story, "huaian")
    need, program = need_of(story, MASK), Program(story.officer.user)
    found = program.get(f"inquiries/suggestions/?supply_request={need.reference}")["suggestions"]
    (mine,) = (one for one in found if one["contact"] == story.huaian.pk)
    assert "makers" in {why["code"] for why in mine["reasons"]}
    body = {"supply_request": need.reference, "contact": story.huaian.pk, "reasons": mine["reasons"]}
    program.post("inquiries/", body)
    codes = [why["code"] for why in Inquiry.objects.get().reasons]
    assert codes == [why["code"] for why in mine["reasons"] if why["code"] != "makers"]


def test_reason_for_a_contact_beyond_a_partner_city_is_not_shown_to_that_city(story: Any) -> None:
    cities.twinning("zhongshan", "foshan")
    there = cities.contact("foshan", "Ou Ting")
    offer_from(story, "foshan")
    need, known = need_of(story, MASK), "makers of masks are known in Foshan"
    assert {"second_degree", "makers"} <= reasons_for(need, there).keys()
    letter = Browser(story.officer.user).open(f"{need.get_absolute_url()}ask/{there.pk}/")
    assert known in letter
    letter.press("Send request", chosen_because="They make masks there.")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.through_city) == ("awaiting_consent", cities.city("zhongshan"))
    codes = {why["code"] for why in inquiry.reasons}
    assert "second_degree" in codes
    assert "makers" not in codes
    entry = Entry.objects.about(inquiry).filter(verb="ask_partner").latest("pk")
    (mail,) = build_messages(entry, entry.at)
    page = open_link_page_of(inquiry.introducer.user, inquiry, language="en")
    assert there.user.name in page
    assert not any("makers of" in text for text in (mail.body, page.text))


def test_contacts_are_suggested_for_a_need_without_lines(story: Any) -> None:
    draft = draft_request(story.city, title="Masks", author=story.officer.user, by=story.officer.by, at=AT)
    offer_from(story, "huaian")
    assert {one.contact for one in suggestions(draft)} >= {story.huaian, story.wuhan}
    assert not {"makers", "gifts", "family"} & reasons_for(draft, story.huaian).keys()


# --- page and API ---
def test_page_api_and_review_page_give_the_same_order_and_reasons(story: Any) -> None:
    cities.contact("wuhan", "He Min", families=["glove"])
    offer_from(story, "huaian", GLOVE)
    need = need_of(story, MASK, GLOVE)
    browser, program = Browser(story.officer.user), Program(story.officer.user)
    found = program.get(f"inquiries/suggestions/?supply_request={need.reference}")["suggestions"]
    names = [one["name"] for one in found]
    assert names[:2] == ["He Min", "Zhao Min"]
    page = browser.open(f"{need.get_absolute_url()}ask/")
    assert sorted(names, key=page.text.index) == names
    draft = draft_request(
        story.city, title="Masks and gloves", author=story.officer.user, by=story.officer.by, at=AT,
        lines=[LineFacts(product=Product.objects.get(code=code), quantity=500) for code in (MASK, GLOVE)],
        facility_kinds=["municipality"], needed_by=date(2020, 5, 20), deliver_to="4949 Canada Way", accepts=["purchase"],
    )  # fmt: skip
    review = browser.open(reverse("review_need", args=[draft.reference]))
    assert sorted(names[:3], key=review.text.index) == names[:3]
    for words in (f"knows these goods: {NAMES[GLOVE]}", "makers of gloves are known in Huai’an"):
        assert words in page
        assert words in review
        assert words in {why["en"] for one in found for why in one["reasons"]}


def test_number_of_queries_of_the_review_page_does_not_grow_with_its_lines(story: Any) -> None:
    browser = Browser(story.officer.user)

    def queries(*products: str) -> int:
        lines = [LineFacts(product=one, quantity=900) for one in Product.objects.filter(code__in=products)]
        draft = draft_request(
            story.city, title="Goods", author=story.officer.user, by=story.officer.by, at=AT, lines=lines
        )
        address = reverse("review_need", args=[draft.reference])
        browser.open(address)
        with CaptureQueriesContext(connection) as caught:
            assert browser.open(address).status == 200
        return len(caught)

    for place in ("wuhan", "huaian"):
        offer_from(story, place)
        cities.exchange(place, "oakville", "2020-04-08", kind="ppe_donation", items="masks and gloves")
    assert queries(MASK) == queries(MASK, GLOVE, KN95)


def test_number_of_queries_does_not_grow_with_lines_offers_gifts_and_contacts(story: Any) -> None:
    def queries(need: SupplyRequest) -> int:
        fresh = SupplyRequest.objects.select_related("city").get(pk=need.pk)
        with CaptureQueriesContext(connection) as caught:
            suggested_contacts(fresh, AT, "en")
        return len(caught)

    few = queries(need_of(story, MASK))
    for place in ("wuhan", "huaian", "zhongshan"):
        cities.contact(place, f"Second of {place}", families=["mask", "glove"])
        for product in (MASK, GLOVE, KN95):
            offer_from(story, place, product)
        cities.exchange(place, "oakville", "2020-04-08", kind="ppe_donation", items="masks and gloves")
    assert queries(need_of(story, MASK, GLOVE, KN95)) == few == 7
