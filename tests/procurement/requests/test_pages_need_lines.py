"""Tests of several products in one need: lines are added, changed and removed, in a draft and in a posted need.

A need can also be repeated.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions.lines import LineFacts, add_line, remove_line, set_lines
from procurement.requests.actions.requests import draft_request, withdraw_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def posted(story) -> SupplyRequest:
    return story.line(10_000).supply_request


def product(code: str) -> Product:
    return Product.objects.get(code=code)


def line_values(need):
    return [(line.position, line.product.code, line.quantity) for line in need.lines.order_by("position")]


def test_second_product_with_its_standards_is_added_on_the_review_page(story, officer):
    officer.open("/needs/new/").press(
        "Continue",
        product=str(product("GLOVE_EXAM_NITRILE").pk),
        title="Two things",
        facility_kinds=["long_term_care"],
    )
    need = SupplyRequest.objects.latest("pk")
    review = officer.open(f"/needs/{need.reference}/review/")
    masks = str(product("MASK_SURG").pk)
    written = review.follow("Add another product").press("Save", product=masks, quantity="20 boxes of 100")
    assert written.heading == product("MASK_SURG").name
    assert written.value("quantity") == "2,000"
    accepted = next(iter(written.form("Save").choices("standards").values()))
    review = written.press(
        "Save", standards=[accepted], needed_by="2020-06-01", days_left="4", max_unit_price="0.12"
    )
    assert review.heading == "Check and post"
    for words in ("2,000", "needed by 1 June 2020", product("MASK_SURG").name):
        assert words in review, words
    line = need.lines.get(position=2)
    assert (line.quantity, line.needed_by, line.days_left(need.city.day_at(clock.now()))) == (
        2_000,
        date(2020, 6, 1),
        4,
    )
    assert (line.max_unit_price, [str(one.pk) for one in line.standards.all()]) == (
        Decimal("0.12"),
        [accepted],
    )


def test_lines_of_a_posted_need_are_added_edited_and_removed_keeping_their_numbers(officer, posted):
    page = officer.open(posted.get_absolute_url())
    gowns = str(product("GLOVE_EXAM_NITRILE").pk)
    page.follow("Add another product").press("Save", product=gowns, quantity="300")
    gloves = str(product("GLOVE_EXAM_NITRILE").pk)
    page.follow("Add another product").press("Save", product=gloves, quantity="500")
    second, third = posted.lines.order_by("position")[1:]
    back = officer.open(f"/needs/{posted.reference}/lines/{third.pk}/").press("Save", quantity="700")
    assert back.at == posted.get_absolute_url()
    officer.open(f"/needs/{posted.reference}/lines/{second.pk}/").press("Remove this line")
    first = posted.lines.get(position=1).product.code
    assert line_values(posted) == [(1, first, 10_000), (3, "GLOVE_EXAM_NITRILE", 700)]
    officer.open(f"/needs/{posted.reference}/lines/add/").press("Save", product=gowns, quantity="9")
    assert line_values(posted)[-1] == (4, "GLOVE_EXAM_NITRILE", 9)
    gloves = product("GLOVE_EXAM_NITRILE").name
    history = officer.activity(posted)
    for said in (f"{gloves} · 500 → {gloves} · 700", f"{gloves} · 300 → –", f"{gloves} · 9"):
        assert said in history, said


def test_number_of_a_removed_line_of_a_posted_need_is_not_used_again(officer, posted):
    gloves, add = str(product("GLOVE_EXAM_NITRILE").pk), f"/needs/{posted.reference}/lines/add/"
    for quantity, number in (("250", 2), ("380", 3)):
        officer.open(add).press("Save", product=gloves, quantity=quantity)
        last = posted.lines.order_by("position").last()
        assert (last.position, last.quantity) == (number, int(quantity))
        officer.open(f"/needs/{posted.reference}/lines/{last.pk}/").press("Remove this line")
    assert [line.position for line in posted.lines.all()] == [1]


def test_replaced_lines_of_a_posted_need_get_unused_numbers_and_those_of_a_draft_the_next(story, posted):
    masks, gloves = product("MASK_SURG"), product("GLOVE_EXAM_NITRILE")
    facts = [LineFacts(product=masks, quantity=100), *(LineFacts(product=gloves, quantity=n) for n in (5, 7))]
    draft = draft_request(
        story.city, title="Gloves", author=story.officer.user, by=story.officer.by, at=AT, lines=facts
    )
    for need, numbers in ((posted, [1, 4, 5]), (draft, [1, 2, 3])):
        for count in (3, 1, 3):
            set_lines(need, facts[:count], by=story.officer.by, at=AT)
        assert [number for number, _product, _quantity in line_values(need)] == numbers


def test_invalid_line_values_are_refused_at_their_fields_and_nothing_is_stored(officer, posted):
    add = officer.open(f"/needs/{posted.reference}/lines/add/")
    wrong = add.press("Save", product="", quantity="many")
    assert (wrong.status, set(wrong.wrong)) == (422, {"product", "quantity"})
    line = posted.lines.get()
    wrong = officer.open(f"/needs/{posted.reference}/lines/{line.pk}/").press(
        "Save", quantity="0", needed_by="soon", max_unit_price="x"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"quantity", "needed_by", "max_unit_price"})
    assert line_values(posted) == [(1, line.product.code, 10_000)]


def test_line_with_offers_cannot_be_removed_and_the_page_says_why(story, officer):
    line = story.line(10_000)
    story.lead(line)
    need = line.supply_request
    only = officer.open(f"/needs/{need.reference}/lines/{line.pk}/")
    assert "Remove this line" not in only, "the only line of a need is not taken away"
    officer.open(f"/needs/{need.reference}/lines/add/").press(
        "Save", product=str(product("GLOVE_EXAM_NITRILE").pk), quantity="5", reason="A ward asked."
    )
    refused = officer.open(f"/needs/{need.reference}/lines/{line.pk}/").press("Remove this line")
    assert refused.status == 422
    assert "Line 1 already has offers and cannot be removed." in refused.alert
    assert len(line_values(need)) == 2


def test_last_line_of_a_posted_need_cannot_be_removed(story, officer, posted):
    line = posted.lines.get()
    answer = officer.client.post(f"/needs/{posted.reference}/lines/{line.pk}/", {"remove": "1"})
    assert answer.status_code == 422
    assert posted.lines.exists()


def test_line_removed_by_a_colleague_gets_404(story, officer, posted):
    gone = add_line(
        posted,
        LineFacts(product=product("GLOVE_EXAM_NITRILE"), quantity=5),
        by=story.officer.by,
        at=AT,
    )
    at = f"/needs/{posted.reference}/lines/{gone.pk}/"
    remove_line(gone, by=story.officer.by, at=AT)
    assert officer.open(at).status == 404
    with pytest.raises(Refused) as refused:
        remove_line(gone, by=story.officer.by, at=AT)
    assert refused.value.code == "line_gone"


def test_lines_can_be_edited_only_by_the_citys_officers_while_the_need_is_open(story, officer, posted):
    line = posted.lines.get()
    for at in (f"/needs/{posted.reference}/lines/add/", f"/needs/{posted.reference}/lines/{line.pk}/"):
        assert Browser(story.observer.user).open(at).status == 403
        assert Browser(story.stranger.user).open(at).status == 404
        assert Browser(story.stranger.user).client.post(at, {"quantity": "1"}).status_code == 404
    withdraw_request(posted, reason="No longer", by=story.officer.by, at=AT)
    assert officer.open(f"/needs/{posted.reference}/lines/add/").status == 404
    page = officer.open(posted.get_absolute_url())
    assert "Add another product" not in page
    assert line_values(posted) == [(1, line.product.code, 10_000)]


def test_repeated_need_is_a_draft_with_the_goods_but_without_dates(story, officer, posted):
    add_line(
        posted,
        LineFacts(product=product("GLOVE_EXAM_NITRILE"), quantity=40, days_left=2),
        by=story.officer.by,
        at=AT,
    )
    step = officer.open(posted.get_absolute_url()).press("Post this need again")
    again = SupplyRequest.objects.latest("pk")
    assert step.at == f"/needs/{again.reference}/write/2/"
    assert (again.status, again.needed_by, again.title) == ("draft", None, posted.title)
    assert (again.deliver_to, again.accepts, again.visibility) == (
        posted.deliver_to,
        posted.accepts,
        posted.visibility,
    )
    assert line_values(again) == line_values(posted)
    assert again.lines.get(position=2).runs_out_on is None
    assert posted.lines.get(position=2).runs_out_on is not None


def test_repeated_need_leaves_out_alternatives_whose_standard_has_ended(story, officer, posted):
    line = posted.lines.get()
    kept = accept_alternative(line, "RESP_KN95")
    accept_alternative(line, "RESP_KN95", "GB2626-2006-KN95")
    Standard.objects.filter(code="GB2626-2006-KN95").update(valid_to=AT.date() - timedelta(days=1))
    step = officer.open(posted.get_absolute_url()).press("Post this need again")
    assert "Alternatives whose standard is no longer in force were left out." in step
    again = SupplyRequest.objects.latest("pk").lines.get()
    assert [(one.product, one.standard) for one in again.alternatives.all()] == [(kept.product, None)]


def test_need_can_be_repeated_only_by_its_own_officers(story, posted):
    at, before = f"/needs/{posted.reference}/again/", SupplyRequest.objects.count()
    assert Browser(story.observer.user).client.post(at).status_code == 403
    assert Browser(story.stranger.user).client.post(at).status_code == 404
    assert Browser(story.officer.user).client.get(at).status_code == 405
    assert SupplyRequest.objects.count() == before
