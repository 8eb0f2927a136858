"""Tests that every answer about a need is shown on the review page before posting, and on the need."""

import pytest

from procurement.catalogue.models.products import Product
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser, Page
from tests.worlds import cities
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db

# The input for each field of the four steps, and its text on a page.
ANSWERS: list[dict[str, tuple[object, str]]] = [
    {
        "product": ("MASK_SURG", "Surgical mask"),
        "title": ("Masks for the harbour clinic", "Masks for the harbour clinic"),
        "declared_use": ("medical", "Medical use"),
        "facility_kinds": (["hospital"], "hospital"),
    },
    {
        "quantity": ("7,300", "7,300"),
        "needed_by": ("2020-05-23", "23 May 2020"),
        "deliver_to": ("88 Dock Road", "88 Dock Road"),
        "deliver_locode": ("CAVAN", "CAVAN"),
        "priority": ("2", "High"),
        "days_left": ("17", "17 days of supply left"),
        "stock": ("", ""),
        "use_per_day": ("430", "430 pieces"),
        "max_unit_price": ("2.35", "2.35"),
    },
    {
        "standards": (["ASTM F2100 Level 2"], "F2100 Level 2"),
        "alternative_1": ("RESP_KN95", "KN95 respirator"),
        "alternative_2": ("", ""),
        "alternative_3": ("", ""),
    },
    {
        "accepts": (["donation"], "Donation"),
        "visibility": ("network", "Every city in the network"),
        "notes": ("Ring at gate four.", "Ring at gate four."),
    },
]
# The input for one line on its own page, which differs from that of the need.
LINE: dict[str, tuple[object, str]] = {
    "quantity": ("6,150", "6,150"),
    "standards": (None, "any"),
    "alternative_1": ("", ""),
    "alternative_2": ("RESP_KN95|GB2626-2006-KN95", "GB 2626-2006 KN95"),
    "alternative_3": ("", ""),
    "needed_by": ("2020-05-11", "11 May 2020"),
    "days_left": ("1", "1 day of supply left"),
    "stock": ("", ""),
    "use_per_day": ("3", "3 pieces"),
    "priority": ("1", "Critical"),
    "max_unit_price": ("1.85", "1.85"),
}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.contact and story.officer and story.stranger
        yield story


def typed_values(answers: dict[str, tuple[object, str]]) -> dict[str, object]:
    code = Product.objects.get(code="MASK_SURG").pk
    return {name: str(code) if name == "product" else value for name, (value, _shown) in answers.items()}


def review_page(story: Story) -> Page:
    """Return the page that checks a need, after its four steps."""
    browser = Browser(story.officer.user)
    page = browser.open("/needs/new/")
    for answers in ANSWERS:
        if page.heading == "Check and post":
            page = browser.open(f"/needs/{SupplyRequest.objects.latest('pk').reference}/write/4/")
        assert page.form("Continue").names - {"city"} == set(answers), (
            "a field was added: say how it is shown"
        )
        page = page.press("Continue", **typed_values(answers))
    return page


def missing_answers(page: Page, answers: dict[str, tuple[object, str]]) -> set[str]:
    return {name for name, (_value, shown) in answers.items() if shown.lower() not in page.text.lower()}


def test_every_answer_of_the_four_steps_is_on_the_review_page_and_the_need(story):
    page = review_page(story)
    assert page.heading == "Check and post"
    every = {name: answer for answers in ANSWERS for name, answer in answers.items()}
    assert missing_answers(page, every) == set()
    page.press("Post need")
    need = SupplyRequest.objects.latest("pk")
    assert missing_answers(Browser(story.officer.user).open(need), every) == set()


def test_every_answer_about_a_line_is_on_the_review_page_and_the_need(story):
    page = review_page(story)
    need = SupplyRequest.objects.latest("pk")
    form = page.browser.open(f"{need.get_absolute_url()}lines/{need.lines.get().pk}/")
    assert form.form("Save").names == set(LINE), "a field was added: say how it is shown"
    page = form.press("Save", **typed_values(LINE))
    assert page.heading == "Check and post"
    assert missing_answers(page, LINE) == set()
    page.press("Post need")
    assert missing_answers(Browser(story.officer.user).open(need), LINE) == set()


def test_price_limit_and_days_of_supply_are_hidden_from_other_cities(story):
    review_page(story).press("Post need")
    need = SupplyRequest.objects.latest("pk")
    page = Browser(story.stranger.user).open(need)
    assert page.status == 200
    assert "2.35" not in page
    assert "days of supply left" not in page
    assert "KN95 respirator" in page
