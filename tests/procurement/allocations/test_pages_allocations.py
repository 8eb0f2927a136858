"""Tests of allocating on pages: quantities by offer, all or none, undone in part or in full."""

import pytest

from procurement.allocations import actions
from procurement.allocations.actions import propose_allocation
from procurement.allocations.models import Allocation
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
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


def allocation_url(story):
    return f"{story.wanted.supply_request.get_absolute_url()}allocate/"


def quantity_field(story, lead):
    return f"line{story.wanted.pk}_lead{lead.pk}"


def allocate(story, pieces=4_000) -> Allocation:
    return actions.allocate(
        story.first, story.wanted, pieces, author=story.officer.user, by=story.officer.by, at=AT
    )


def test_page_of_goods_that_the_line_no_longer_accepts_leads_to_undoing_and_not_to_ordering(story, officer):
    made = allocate(story, 1_250)
    assert "Create order" in officer.open(made)
    story.wanted.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    page = officer.open(made)
    assert "Create order" not in page
    undo = page.follow("Undo allocation")
    assert undo.at == f"{made.get_absolute_url()}undo/"
    assert "Create order" not in Browser(story.observer.user).open(made)


def test_two_offers_are_allocated_together_with_typed_quantities(story, officer):
    page = officer.open(story.wanted.supply_request).follow("Allocate goods")
    assert "6,000 available" in page
    page = page.press(
        "Allocate goods",
        **{
            quantity_field(story, story.first): "5 000",
            quantity_field(story, story.second): "100 boxes of 50",
        },
    )
    assert page.at == story.wanted.supply_request.get_absolute_url()
    assert [(one.lead, one.quantity, one.status) for one in Allocation.objects.order_by("pk")] == [
        (story.first, 5_000, "confirmed"), (story.second, 5_000, "confirmed"),
    ]  # fmt: skip
    assert RequestLine.objects.get(pk=story.wanted.pk).allocated == 10_000


def proposed_quantities(page, story) -> list[str]:
    return [
        page.form("Allocate goods").fields[quantity_field(story, lead)][0]
        for lead in (story.first, story.second)
    ]


def test_allocation_form_prefills_smaller_of_available_and_needed_and_can_be_emptied(story, officer):
    SupplierLead.objects.filter(pk__in=(story.first.pk, story.second.pk)).update(meets="equal")
    SupplierLead.objects.filter(pk=story.first.pk).update(price_in_city_currency="0.40", landed={})
    SupplierLead.objects.filter(pk=story.second.pk).update(price_in_city_currency="0.60", landed={})
    page = officer.open(allocation_url(story))
    assert proposed_quantities(page, story) == ["6,000", "4,000"], (
        "the cheaper offer first, then the rest from the other"
    )
    assert "To allocate: 10,000 of 10,000 still needed." in page
    assert proposed_quantities(page.follow("None"), story) == ["", ""]
    assert proposed_quantities(page.follow("All"), story) == ["6,000", "4,000"]
    done = page.press("Allocate goods")
    assert "Allocated: 10,000 pieces (2 offers)." in done
    assert sorted(Allocation.objects.values_list("quantity", flat=True)) == [4_000, 6_000]


def test_allocation_form_leaves_unclear_match_and_below_minimum_offer_empty(story, officer):
    story.wanted.standards.set(Standard.objects.filter(code="ASTM-F2100-L2"))
    SupplierLead.objects.filter(pk=story.first.pk).update(standard=None)
    SupplierLead.objects.filter(pk=story.second.pk).update(min_order_quantity=10_001)
    assert proposed_quantities(officer.open(allocation_url(story)), story) == ["", ""]


def test_unclear_match_is_allocated_only_with_the_evidence_seen(story, officer):
    story.wanted.standards.set(Standard.objects.filter(code="ASTM-F2100-L2"))
    SupplierLead.objects.filter(pk=story.first.pk).update(standard=None)
    page = officer.open(allocation_url(story))
    assert "Standard unknown" in page
    chosen = {quantity_field(story, story.first): "700", quantity_field(story, story.second): ""}
    refused = page.press("Allocate goods", **chosen)
    evidence = f"evidence_{quantity_field(story, story.first)}"
    assert (refused.status, set(refused.wrong)) == (422, {evidence})
    page.press("Allocate goods", **chosen, **{evidence: "Bacterial filtration 98.6%, report 41"})
    made = Allocation.objects.get()
    assert (made.quantity, made.goods_match, made.evidence, made.substitution_accepted_by) == (
        700, "unknown", "Bacterial filtration 98.6%, report 41", story.officer.user,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("1000", "This order needs approval by Ann Gill (approval limit: CAD 1,000.00)."),
        ("100000", "You can place this order yourself."),
    ],
)
def test_allocation_totals_follow_typed_quantities_and_name_approver(story, officer, limit, said):
    story.limit(limit)
    cities.member("approver", story.city, "Ann Gill")
    typed = {
        "count": "",
        quantity_field(story, story.first): "5000",
        quantity_field(story, story.second): "x",
    }
    sums = officer.client.get(allocation_url(story), typed, headers={"HX-Request": "true"}).content.decode()
    assert "<form" not in sums
    assert "To allocate: 5,000 of 10,000 still needed." in sums
    assert said in sums.replace("\xa0", " ")
    assert not Allocation.objects.exists()


def test_single_verified_matching_offer_is_allocated_with_one_click_on_need(story, officer):
    SupplierLead.objects.filter(pk=story.first.pk).update(meets="equal")
    SupplierLead.objects.filter(pk=story.second.pk).update(meets="unknown")
    RequestLine.objects.filter(pk=story.wanted.pk).update(verified_free=6_000)
    page = officer.open(story.wanted.supply_request).press("Allocate 6,000")
    assert page.at == story.wanted.supply_request.get_absolute_url()
    assert [(one.lead, one.quantity) for one in Allocation.objects.all()] == [(story.first, 6_000)]


def test_two_matching_offers_show_no_one_click_allocation(story, officer):
    SupplierLead.objects.filter(pk__in=(story.first.pk, story.second.pk)).update(meets="equal")
    RequestLine.objects.filter(pk=story.wanted.pk).update(verified_free=26_000)
    page = officer.open(story.wanted.supply_request)
    assert not [button for button in page.buttons if button.startswith("Allocate")]
    assert page.follow("Allocate goods").at == allocation_url(story)


def test_quantity_above_available_or_needed_is_refused_with_figures_and_nothing_allocated(story, officer):
    for typed, figures in (
        ({story.first: "7 000", story.second: ""}, ("6,000", "7,000")),
        ({story.first: "4 000", story.second: "9 000"}, ("6,000", "9,000")),
    ):
        refused = officer.open(allocation_url(story)).press(
            "Allocate goods", **{quantity_field(story, lead): value for lead, value in typed.items()}
        )
        assert refused.status == 422
        assert all(figure in refused.alert for figure in figures), refused.alert
        assert not Allocation.objects.exists()


def test_empty_and_unreadable_allocation_quantities_get_different_errors(story, officer):
    empty = {quantity_field(story, lead): "" for lead in (story.first, story.second)}
    nothing = officer.open(allocation_url(story)).press("Allocate goods", **empty)
    assert (nothing.status, "Enter a quantity" in nothing.alert) == (422, True)
    wrong = officer.open(allocation_url(story)).press(
        "Allocate goods", **{quantity_field(story, story.first): "half"}
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {quantity_field(story, story.first)})


def test_allocation_is_reduced_in_part_and_then_undone_on_pages(story, officer):
    allocation = allocate(story)
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


def test_proposed_allocation_is_confirmed_or_discarded_on_page(story, officer):
    facts = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    first, second = (propose_allocation(story.first, story.wanted, 1_000, **facts) for _ in range(2))
    officer.open(first).press("Confirm allocation")
    officer.open(second).press("Discard proposal")
    assert [one.status for one in Allocation.objects.order_by("pk")] == ["confirmed", "discarded"]
    assert first.reference in officer.open("/allocations/")


def test_proposal_whose_goods_need_evidence_by_now_is_confirmed_with_it(story, officer):
    proposed = propose_allocation(
        story.first, story.wanted, 300, author=story.officer.user, by=story.officer.by, at=AT
    )
    story.wanted.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    form = officer.open(proposed).follow("Confirm allocation")
    refused = form.press("Confirm allocation")
    assert (refused.status, set(refused.wrong)) == (422, {"evidence"})
    form.press("Confirm allocation", evidence="Report 9 of the provincial laboratory")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.goods_match, proposed.evidence, proposed.substitution_accepted_by) == (
        "confirmed", "unknown", "Report 9 of the provincial laboratory", story.officer.user,
    )  # fmt: skip


def test_ordered_allocation_page_shows_no_undo_button_and_names_order(story, officer):
    order = story.draft(allocate(story))
    page = officer.open(order.lines.get().allocation)
    assert order.reference in page
    for how, where in page.ways:
        if how == "get" and "/allocations/" in where:
            assert officer.open(where).status == 200, where


def test_allocation_page_of_need_without_verified_offers_says_so(story, officer):
    bare = story.line(50, product="GLOVE_EXAM_NITRILE")
    assert "No verified goods are available." in officer.open(
        f"{bare.supply_request.get_absolute_url()}allocate/"
    )


def test_other_city_gets_404_and_observer_403_for_allocation_actions(story):
    allocation = allocate(story)
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    assert stranger.open(allocation_url(story)).status == stranger.open(allocation).status == 404
    assert (
        stranger.client.post(allocation_url(story), {quantity_field(story, story.first): "5"}).status_code
        == 404
    )
    assert stranger.client.post(f"{allocation.get_absolute_url()}undo/", {"reason": "x"}).status_code == 404
    assert allocation.reference not in stranger.open("/allocations/")
    assert observer.open(allocation_url(story)).status == 403
    assert (
        observer.client.post(allocation_url(story), {quantity_field(story, story.first): "5"}).status_code
        == 403
    )
    refused = observer.client.post(f"{allocation.get_absolute_url()}undo/", {"reason": "I want to"})
    assert (refused.status_code, "I want to" in refused.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("language", "button", "figure"), [("fr-ca", "Affecter", "6 000"), ("zh-hans", "分配", "6,000")]
)
def test_figures_in_allocation_refusal_use_number_format_of_user_language(story, language, button, figure):
    officer = Browser(story.officer.user, language)
    page = officer.open(allocation_url(story))
    refused = page.press(page.buttons[0], **{quantity_field(story, story.first): "7 000"})
    assert refused.status == 422
    assert figure in refused.alert


def has_quantity_field(page, story, lead) -> bool:
    """Return True if the page has a field for this line and offer."""
    return quantity_field(story, lead) in page.form("Allocate goods").fields


def test_alternative_product_is_listed_for_allocation_only_where_accepted(story, officer):
    respirators = Product.objects.get(code="RESP_KN95")
    spare = SupplierLead.objects.get(pk=story.second.pk)
    gloves = SupplierLead.objects.get(pk=story.second.pk)
    for copy, product, reference in (
        (spare, respirators, "SL-2020-9001"),
        (gloves, Product.objects.get(code="GLOVE_EXAM_NITRILE"), "SL-2020-9002"),
    ):
        copy.pk, copy.reference, copy.product, copy.line = None, reference, product, None
        copy.save(force_insert=True)
    page = officer.open(allocation_url(story))
    assert (has_quantity_field(page, story, spare), respirators.name_en in page) == (False, False)
    accept_alternative(story.wanted, "RESP_KN95")
    page = officer.open(allocation_url(story))
    assert respirators.name_en in page
    assert "Accepted alternative" in page
    assert (has_quantity_field(page, story, spare), has_quantity_field(page, story, gloves)) == (True, False)
    nothing = {quantity_field(story, lead): "" for lead in (story.first, story.second)}
    page.press("Allocate goods", **{quantity_field(story, spare): "500"}, **nothing)
    assert [(one.lead, one.quantity) for one in Allocation.objects.all()] == [(spare, 500)]


def test_shared_offer_of_other_city_is_not_listed_and_cannot_be_allocated(story, officer):
    foreign = SupplierLead.objects.get(pk=story.second.pk)
    foreign.pk, foreign.reference, foreign.line = None, "SL-2020-9003", None
    foreign.city = cities.city("markham")
    foreign.save(force_insert=True)
    foreign.shared_with.add(story.city)
    page = officer.open(allocation_url(story))
    assert (has_quantity_field(page, story, story.second), has_quantity_field(page, story, foreign)) == (
        True,
        False,
    )


def test_observer_sees_no_create_order_link_and_no_empty_card_on_allocation(story, officer):
    made = allocate(story)
    assert officer.open(made).follow("Create order").status == 200
    page = Browser(story.observer.user).open(made)
    assert page.status == 200
    assert "Create order" not in page
    assert "Next" not in page


def test_need_page_lists_every_offer_for_need_even_sixty(story, officer):
    copy = SupplierLead.objects.get(pk=story.second.pk)
    for number in range(60):
        copy.pk, copy.reference = None, f"SL-2020-9{number:03}"
        copy.save(force_insert=True)
    (listed,) = officer.open(story.wanted.supply_request).main.xpath(".//form[@id='leads']")
    assert len(listed.xpath(".//tbody/tr")) == 62
