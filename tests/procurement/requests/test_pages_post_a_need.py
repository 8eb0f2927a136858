"""Tests of posting a need step by step, in the language of the reader.

Each step is saved, and nothing typed is lost.
"""

from datetime import date
from decimal import Decimal

import pytest

from procurement.catalogue.models.products import Product
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.contact and story.officer and story.observer and story.stranger
        yield story


def product(code="MASK_SURG"):
    return str(Product.objects.get(code=code).pk)


def begin_need(browser, title="Masks for Burnaby Hospital", **typed):
    """Return the page of the second step."""
    return browser.open("/needs/new/").press(
        typed.pop("button", "Continue"),
        **{
            "product": product(),
            "title": title,
            "declared_use": "medical",
            "facility_kinds": ["hospital"],
            **typed,
        },
    )


def newest_need() -> SupplyRequest:
    return SupplyRequest.objects.latest("pk")


def test_need_is_written_in_three_steps_reviewed_and_posted(story):
    officer = Browser(story.officer.user)
    step = begin_need(officer)
    assert step.heading == "How much do you need, by when and where?"
    assert step.value("quantity") == "", "a need just begun names no quantity yet"
    step = step.press(
        "Continue",
        quantity="200 boxes of 50",
        needed_by="2020/5/20",
        deliver_to="4949 Canada Way, Burnaby",
        deliver_locode="CAVAN",
        days_left="12",
        max_unit_price="1,92",
    )
    assert step.heading == "Which standards do you accept?"
    checked = step.press("Continue", standards=None, alternative_1="RESP_KN95")
    assert checked.heading == "Check and post"
    assert "Sister and friendship cities" in checked, "the check page shows what was not asked"
    step = officer.open(f"/needs/{newest_need().reference}/write/4/")
    step = step.press(
        "Continue", accepts=["purchase", "donation"], visibility="network", notes="Loading dock 3"
    )
    assert step.heading == "Check and post"
    for words in ("Masks for Burnaby Hospital", "10,000 pieces", "20 May 2020", "Zhongshan"):
        assert words in step, words
    ask = step.press("Post need")
    assert ask.at.endswith("/ask/")
    assert "Li Wei" in ask
    need, line = newest_need(), newest_need().lines.get()
    assert (need.status, need.needed_by, need.visibility) == ("open", date(2020, 5, 20), "network")
    assert (need.accepts, need.notes, need.deliver_locode) == (
        ["purchase", "donation"],
        "Loading dock 3",
        "CAVAN",
    )
    assert (line.quantity, line.max_unit_price, line.days_left(need.city.day_at(clock.now()))) == (
        10_000,
        Decimal("1.92"),
        12,
    )
    assert [(one.product.code, one.standard) for one in line.alternatives.all()] == [("RESP_KN95", None)]


def test_selected_standards_are_kept_when_returning_to_the_step(story):
    officer = Browser(story.officer.user)
    begin_need(officer).press("Continue", quantity="10 000", needed_by="2020年5月20日", deliver_to="Burnaby")
    at = f"/needs/{newest_need().reference}/write/3/"
    form = officer.open(at).form("Continue")
    level_two = next(value for label, value in form.choices("standards").items() if "F2100" in label)
    officer.open(at).press("Continue", standards=[level_two])
    assert [standard.code for standard in newest_need().lines.get().standards.all()] == ["ASTM-F2100-L2"]
    assert officer.open(at).form("Continue").fields["standards"] == [level_two]
    officer.open(at).press("Continue", standards=None)
    assert not newest_need().lines.get().standards.exists()


def test_changing_the_product_clears_the_selected_standards(story):
    officer = Browser(story.officer.user)
    begin_need(officer)
    at = f"/needs/{newest_need().reference}/write"
    level_two = next(iter(officer.open(f"{at}/3/").form("Continue").choices("standards").values()))
    officer.open(f"{at}/3/").press("Continue", standards=[level_two])
    officer.open(f"{at}/1/").press("Continue", product=product("GLOVE_EXAM_NITRILE"), title="Gloves")
    line = newest_need().lines.get()
    assert (line.product.code, list(line.standards.all())) == ("GLOVE_EXAM_NITRILE", [])
    assert newest_need().title == "Gloves"


@pytest.mark.parametrize(
    ("language", "button", "quantity", "day", "price"),
    [
        ("fr-ca", "Continuer", "200 boîtes de 50", "2020-05-20", "1,92"),
        ("zh-hans", "继续", "２００盒，每盒50只", "2020年5月20日", "１.９２"),
    ],
)
def test_need_form_reads_figures_and_dates_in_the_readers_notation(
    story, language, button, quantity, day, price
):
    step = begin_need(Browser(story.officer.user, language), "为医院采购口罩", button=button)
    step = step.press(
        button, quantity=quantity, needed_by=day, deliver_to="本拿比总医院", max_unit_price=price
    )
    assert step.status == 200
    need, line = newest_need(), newest_need().lines.get()
    assert (need.title, need.needed_by, need.deliver_to) == (
        "为医院采购口罩",
        date(2020, 5, 20),
        "本拿比总医院",
    )
    assert (line.quantity, line.max_unit_price) == (10_000, Decimal("1.92"))


@pytest.mark.parametrize(
    ("language", "button"), [("en", "Continue"), ("fr-ca", "Continuer"), ("zh-hans", "继续")]
)
def test_unreadable_need_values_are_refused_at_their_fields_and_kept(story, language, button):
    step = begin_need(Browser(story.officer.user, language), button=button)
    wrong = step.press(
        button, quantity="many", needed_by="30/04/2020", deliver_to="Burnaby", max_unit_price="x"
    )
    assert wrong.status == 422
    assert set(wrong.wrong) == {"quantity", "needed_by", "max_unit_price"}
    assert "2020-04-30" in wrong.wrong["needed_by"]
    assert wrong.alert
    assert newest_need().needed_by is None


def test_first_step_with_missing_values_creates_no_draft(story):
    officer, before = Browser(story.officer.user), SupplyRequest.objects.count()
    wrong = officer.open("/needs/new/").press("Continue", product=product(), title="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"title", "facility_kinds"})
    assert wrong.wrong["title"] == "Enter a title, such as “N95 respirators for Burnaby Hospital”."
    assert SupplyRequest.objects.count() == before


def test_incomplete_draft_need_is_not_posted_and_the_page_says_why(story):
    officer = Browser(story.officer.user)
    begin_need(officer)
    refused = officer.open(f"/needs/{newest_need().reference}/review/").press("Post need")
    assert refused.status == 422
    assert "Enter the date by which you need the goods." in refused.alert
    assert newest_need().status == "draft"


def test_need_can_be_posted_only_once(story):
    officer = Browser(story.officer.user)
    begin_need(officer).press("Continue", quantity="50", needed_by="2020-05-20", deliver_to="Burnaby")
    review = officer.open(f"/needs/{newest_need().reference}/review/")
    review.press("Post need")
    assert officer.open(f"/needs/{newest_need().reference}/write/2/").status == 404
    again = officer.client.post(f"/needs/{newest_need().reference}/review/", {})
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()


def test_step_edited_from_the_review_page_returns_to_it(story):
    officer = Browser(story.officer.user)
    begin_need(officer)
    review = officer.open(f"/needs/{newest_need().reference}/review/")
    assert review.text.count("Not provided") == 8, (
        "date, place, code, notes; date, days, use and price of the line"
    )
    form = review.follow("Change")
    assert form.heading == "What do you need, and who will use it?"
    back = form.press("Continue", title="Masks for the clinic")
    assert (back.heading, newest_need().title) == ("Check and post", "Masks for the clinic")


def test_new_need_form_is_prefilled_from_the_citys_last_need(story):
    story.line(100)
    last = newest_need()
    officer = Browser(story.officer.user)
    first = officer.open("/needs/new/")
    assert first.form("Continue").fields["facility_kinds"] == last.facility_kinds
    begin_need(officer)
    step = officer.open(f"/needs/{newest_need().reference}/write/2/")
    assert step.value("deliver_to") == last.deliver_to


def test_recipient_is_chosen_from_the_citys_places_or_typed(story):
    hospital = cities.organization(
        "burnaby", "hospital", name_en="Burnaby Hospital", address="3935 Kincaid Street"
    )
    officer = Browser(story.officer.user)
    begin_need(officer)
    at = f"/needs/{newest_need().reference}/write/2/"
    facts = {"quantity": "10", "needed_by": "2020-05-20"}
    wrong = officer.open(at).press("Continue", **facts)
    assert wrong.wrong == {"place": "Choose where to deliver the goods."}
    officer.open(at).press("Continue", place=f"{hospital.name}, {hospital.address}", **facts)
    assert newest_need().deliver_to == "Burnaby Hospital, 3935 Kincaid Street"
    wrong = officer.open(at).press("Continue", place="other", deliver_to="", **facts)
    assert set(wrong.wrong) == {"deliver_to"}
    officer.open(at).press("Continue", place="other", deliver_to="Fire hall 1", **facts)
    assert newest_need().deliver_to == "Fire hall 1"


def test_usual_standards_of_the_citys_market_are_accepted_with_one_button(story):
    officer = Browser(story.officer.user)
    begin_need(officer).press("Continue", quantity="10 000", needed_by="2020-05-20", deliver_to="Burnaby")
    step = officer.open(f"/needs/{newest_need().reference}/write/3/")
    assert "In force on 20 May 2020" in step
    assert "A level, type or class says how well a mask filters" in step
    assert "FFP2, KN95" not in step, "the hint is for this product"
    looked = step.press("Compare with your selection", standards=None)
    assert looked.heading == "Which standards do you accept?"
    assert not newest_need().lines.get().standards.exists(), "comparing saves nothing"
    checked = looked.press("Accept all standards usual in Canada")
    assert checked.heading == "Check and post"
    assert [standard.code for standard in newest_need().lines.get().standards.all()] == ["ASTM-F2100-L2"]


def test_draft_need_is_404_for_other_cities_and_has_four_steps(story):
    begin_need(Browser(story.officer.user))
    base, stranger = f"/needs/{newest_need().reference}", Browser(story.stranger.user)
    for at in ("/write/1/", "/write/2/", "/review/"):
        assert stranger.open(base + at).status == 404
        assert stranger.client.post(base + at, {"title": "Mine"}).status_code == 404
    assert Browser(story.officer.user).open(f"{base}/write/5/").status == 404


def test_step_of_a_draft_with_several_lines_keeps_the_other_lines(story):
    masks, gloves = (Product.objects.get(code=code) for code in ("MASK_SURG", "GLOVE_EXAM_NITRILE"))
    need = draft_request(
        story.city,
        title="Two things",
        lines=[LineFacts(product=masks, quantity=100), LineFacts(product=gloves, quantity=700, days_left=3)],
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    officer = Browser(story.officer.user)
    officer.open(f"/needs/{need.reference}/write/2/").press(
        "Continue", quantity="250", needed_by="2020-05-20", deliver_to="Burnaby"
    )
    assert list(need.lines.order_by("position").values_list("quantity", "runs_out_on")) == [
        (250, None),
        (700, date(2020, 4, 19)),
    ]
    bare = draft_request(
        story.city, title="Nothing yet", author=story.officer.user, by=story.officer.by, at=AT
    )
    for at in ("write/3/", "review/"):
        assert officer.open(f"/needs/{bare.reference}/{at}").at == f"/needs/{bare.reference}/write/1/"
    officer.open(f"/needs/{bare.reference}/").follow("Continue").press(
        "Continue", product=product(), facility_kinds=["school"]
    )
    assert bare.lines.get().product == masks


def test_observer_cannot_create_a_need(story):
    observer = Browser(story.observer.user)
    assert observer.open("/needs/new/").status == 403
    assert observer.client.post("/needs/new/", {"title": "Masks", "product": product()}).status_code == 403
    assert not SupplyRequest.objects.filter(author=story.observer.user).exists()


def test_need_step_through_htmx_is_redirected_by_header(story):
    officer = Browser(story.officer.user)
    sent = officer.open("/needs/new/").form("Continue")
    facts = sent.filled(
        sent.buttons["Continue"],
        {"product": product(), "title": "Masks", "declared_use": "medical", "facility_kinds": "clinic"},
    )
    answer = officer.client.post("/needs/new/", facts, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/needs/{newest_need().reference}/write/2/")
