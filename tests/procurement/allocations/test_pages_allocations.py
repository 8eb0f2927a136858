"""Tests of allocating on pages: quantities by offer, all or none, returned in part or in full."""

import pytest

from procurement.allocations import actions
from procurement.allocations.actions import propose_allocation
from procurement.allocations.models import Allocation
from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger
        story.wanted = story.line(10_000)
        story.first = story.lead(story.wanted, stock=6_000)
        story.second = story.lead(story.wanted, stock=20_000, supplier=story.company("佛山安洁 DEMO"))
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def at(story):
    return f"{story.wanted.supply_request.get_absolute_url()}allocate/"


def field(story, lead):
    return f"line{story.wanted.pk}_lead{lead.pk}"


def promised(story, pieces=4_000) -> Allocation:
    return actions.allocate(
        story.first, story.wanted, pieces, author=story.officer.user, by=story.officer.by, at=AT
    )


def test_two_offers_are_promised_in_one_go_as_they_are_typed(story, officer):
    page = officer.open(story.wanted.supply_request).follow("Allocate goods")
    assert "6,000 available" in page
    page = page.press(
        "Allocate goods",
        **{field(story, story.first): "5 000", field(story, story.second): "100 boxes of 50"},
    )
    assert page.at == story.wanted.supply_request.get_absolute_url()
    assert [(one.lead, one.quantity, one.status) for one in Allocation.objects.order_by("pk")] == [
        (story.first, 5_000, "confirmed"), (story.second, 5_000, "confirmed"),
    ]  # fmt: skip
    assert RequestLine.objects.get(pk=story.wanted.pk).allocated == 10_000


def proposals(page, story) -> list[str]:
    return [page.form("Allocate goods").fields[field(story, lead)][0] for lead in (story.first, story.second)]


def test_the_smaller_of_free_and_needed_is_filled_in_offer_by_offer_and_can_be_emptied(story, officer):
    SupplierLead.objects.filter(pk__in=(story.first.pk, story.second.pk)).update(meets="equal")
    SupplierLead.objects.filter(pk=story.first.pk).update(price_in_city_currency="0.40", landed={})
    SupplierLead.objects.filter(pk=story.second.pk).update(price_in_city_currency="0.60", landed={})
    page = officer.open(at(story))
    assert proposals(page, story) == ["6,000", "4,000"], (
        "the cheaper offer first, then the rest from the other"
    )
    assert "To allocate: 10,000 of 10,000 still needed." in page
    assert proposals(page.follow("None"), story) == ["", ""]
    assert proposals(page.follow("All"), story) == ["6,000", "4,000"]
    done = page.press("Allocate goods")
    assert "Allocated: 10,000 pieces (2 offers)." in done
    assert sorted(Allocation.objects.values_list("quantity", flat=True)) == [4_000, 6_000]


def test_goods_that_may_not_be_what_is_asked_for_and_less_than_the_minimum_order_are_not_proposed(
    story, officer
):
    SupplierLead.objects.filter(pk=story.first.pk).update(meets="unknown")
    SupplierLead.objects.filter(pk=story.second.pk).update(meets="equal", min_order_quantity=10_001)
    assert proposals(officer.open(at(story)), story) == ["", ""]


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("1000", "This order needs approval by Ann Gill (approval limit: CAD 1,000.00)."),
        ("100000", "You can place this order yourself."),
    ],
)
def test_the_sums_follow_the_typed_quantities_and_name_who_decides(story, officer, limit, said):
    story.limit(limit)
    cities.member("approver", story.city, "Ann Gill")
    typed = {"count": "", field(story, story.first): "5000", field(story, story.second): "x"}
    sums = officer.client.get(at(story), typed, headers={"HX-Request": "true"}).content.decode()
    assert "<form" not in sums
    assert "To allocate: 5,000 of 10,000 still needed." in sums
    assert said in sums.replace("\xa0", " ")
    assert not Allocation.objects.exists()


def test_one_click_on_the_need_allocates_when_one_verified_offer_fits(story, officer):
    SupplierLead.objects.filter(pk=story.first.pk).update(meets="equal")
    SupplierLead.objects.filter(pk=story.second.pk).update(meets="unknown")
    RequestLine.objects.filter(pk=story.wanted.pk).update(verified_free=6_000)
    page = officer.open(story.wanted.supply_request).press("Allocate 6,000")
    assert page.at == story.wanted.supply_request.get_absolute_url()
    assert [(one.lead, one.quantity) for one in Allocation.objects.all()] == [(story.first, 6_000)]


def test_two_fitting_offers_are_for_a_person_to_choose_from(story, officer):
    SupplierLead.objects.filter(pk__in=(story.first.pk, story.second.pk)).update(meets="equal")
    RequestLine.objects.filter(pk=story.wanted.pk).update(verified_free=26_000)
    page = officer.open(story.wanted.supply_request)
    assert not [button for button in page.buttons if button.startswith("Allocate")]
    assert page.follow("Allocate goods").at == at(story)


def test_more_than_there_is_or_is_needed_is_refused_with_the_figures_and_nothing_is_promised(story, officer):
    for typed, figures in (
        ({story.first: "7 000", story.second: ""}, ("6,000", "7,000")),
        ({story.first: "4 000", story.second: "9 000"}, ("6,000", "9,000")),
    ):
        refused = officer.open(at(story)).press(
            "Allocate goods", **{field(story, lead): value for lead, value in typed.items()}
        )
        assert refused.status == 422
        assert all(figure in refused.alert for figure in figures), refused.alert
        assert not Allocation.objects.exists()


def test_no_quantity_and_one_that_cannot_be_read_are_told_apart(story, officer):
    empty = {field(story, lead): "" for lead in (story.first, story.second)}
    nothing = officer.open(at(story)).press("Allocate goods", **empty)
    assert (nothing.status, "Enter a quantity" in nothing.alert) == (422, True)
    wrong = officer.open(at(story)).press("Allocate goods", **{field(story, story.first): "half"})
    assert (wrong.status, set(wrong.wrong)) == (422, {field(story, story.first)})


def test_a_part_is_given_back_and_then_all_of_it(story, officer):
    allocation = promised(story)
    ask = officer.open(allocation).follow("Reduce allocation")
    wrong = ask.press("Reduce allocation", by_pieces="0", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"by_pieces", "reason"})
    refused = ask.press("Reduce allocation", by_pieces="5 000", reason="全部退回")
    assert (refused.status, set(refused.wrong)) == (422, {"by_pieces"})
    ask.press("Reduce allocation", by_pieces="20 x 50", reason="少用一些")
    allocation.refresh_from_db()
    assert (allocation.quantity, allocation.status) == (3_000, "confirmed")
    officer.open(allocation).follow("Undo allocation").press("Undo allocation", reason="We do not need it.")
    allocation.refresh_from_db()
    assert allocation.status == "undone"
    assert RequestLine.objects.get(pk=story.wanted.pk).allocated == 0
    again = officer.open(f"{allocation.get_absolute_url()}undo/").press("Undo allocation", reason="Again")
    assert again.status == 409


def test_a_proposal_is_confirmed_or_dropped(story, officer):
    facts = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    first, second = (propose_allocation(story.first, story.wanted, 1_000, **facts) for _ in range(2))
    officer.open(first).press("Confirm allocation")
    officer.open(second).press("Discard proposal")
    assert [one.status for one in Allocation.objects.order_by("pk")] == ["confirmed", "discarded"]
    assert first.reference in officer.open("/allocations/")


def test_what_is_ordered_is_given_back_through_its_order_and_has_no_button_here(story, officer):
    order = story.draft(promised(story))
    page = officer.open(order.lines.get().allocation)
    assert order.reference in page
    for how, where in page.ways:
        if how == "get" and "/allocations/" in where:
            assert officer.open(where).status == 200, where


def test_a_need_without_verified_offers_says_what_comes_first(story, officer):
    bare = story.line(50, product="GLOVE_EXAM_NITRILE")
    assert "No verified goods are available." in officer.open(
        f"{bare.supply_request.get_absolute_url()}allocate/"
    )


def test_strangers_and_observers_cannot_allocate(story):
    allocation = promised(story)
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    assert stranger.open(at(story)).status == stranger.open(allocation).status == 404
    assert stranger.client.post(at(story), {field(story, story.first): "5"}).status_code == 404
    assert stranger.client.post(f"{allocation.get_absolute_url()}undo/", {"reason": "x"}).status_code == 404
    assert allocation.reference not in stranger.open("/allocations/")
    assert observer.open(at(story)).status == 403
    assert observer.client.post(at(story), {field(story, story.first): "5"}).status_code == 403
    refused = observer.client.post(f"{allocation.get_absolute_url()}undo/", {"reason": "I want to"})
    assert (refused.status_code, "I want to" in refused.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("language", "button", "figure"), [("fr-ca", "Affecter", "6 000"), ("zh-hans", "分配", "6,000")]
)
def test_figures_of_a_refusal_are_written_as_the_reader_writes_them(story, language, button, figure):
    officer = Browser(story.officer.user, language)
    page = officer.open(at(story))
    refused = page.press(page.buttons[0], **{field(story, story.first): "7 000"})
    assert refused.status == 422
    assert figure in refused.alert


def offers(page, story, lead) -> bool:
    """Return True if the page has a field for this line and offer."""
    return field(story, lead) in page.form("Allocate goods").fields


def test_an_alternative_is_offered_as_one_where_it_is_welcome_and_nowhere_else(story, officer):
    respirators = Product.objects.get(code="RESP_KN95")
    spare = SupplierLead.objects.get(pk=story.second.pk)
    gloves = SupplierLead.objects.get(pk=story.second.pk)
    for copy, product, reference in (
        (spare, respirators, "SL-2020-9001"),
        (gloves, Product.objects.get(code="GLOVE_EXAM_NITRILE"), "SL-2020-9002"),
    ):
        copy.pk, copy.reference, copy.product, copy.line = None, reference, product, None
        copy.save(force_insert=True)
    page = officer.open(at(story))
    assert (offers(page, story, spare), "alternative:" in page) == (False, False)
    RequestLine.objects.filter(pk=story.wanted.pk).update(alternatives_allowed=True)
    page = officer.open(at(story))
    assert f"alternative: {respirators.name_en}" in page
    assert (offers(page, story, spare), offers(page, story, gloves)) == (True, False)
    nothing = {field(story, lead): "" for lead in (story.first, story.second)}
    page.press("Allocate goods", **{field(story, spare): "500"}, **nothing)
    assert [(one.lead, one.quantity) for one in Allocation.objects.all()] == [(spare, 500)]


def test_an_offer_of_another_city_that_was_shared_cannot_be_promised_and_is_not_offered(story, officer):
    foreign = SupplierLead.objects.get(pk=story.second.pk)
    foreign.pk, foreign.reference, foreign.line = None, "SL-2020-9003", None
    foreign.city = cities.city("markham")
    foreign.save(force_insert=True)
    foreign.shared_with.add(story.city)
    page = officer.open(at(story))
    assert (offers(page, story, story.second), offers(page, story, foreign)) == (True, False)


def test_who_may_not_order_is_led_to_no_order_and_sees_no_empty_card(story, officer):
    made = promised(story)
    assert officer.open(made).follow("Create order").status == 200
    page = Browser(story.observer.user).open(made)
    assert page.status == 200
    assert "Create order" not in page
    assert "Next" not in page


def test_every_offer_for_a_need_stands_on_its_page(story, officer):
    copy = SupplierLead.objects.get(pk=story.second.pk)
    for number in range(60):
        copy.pk, copy.reference = None, f"SL-2020-9{number:03}"
        copy.save(force_insert=True)
    (listed,) = officer.open(story.wanted.supply_request).main.xpath(".//form[@id='leads']")
    assert len(listed.xpath(".//tbody/tr")) == 62
