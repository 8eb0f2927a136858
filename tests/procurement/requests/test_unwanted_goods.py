"""Tests of unwanted goods: who maintains the list, what an entry covers, when it holds, and where letters quote it."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import grant_role
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.outreach.letters import compose_letter
from procurement.outreach.queries.letters import compose_letters
from procurement.requests.unwanted_goods.actions import add_unwanted_goods, withdraw_unwanted_goods
from procurement.requests.unwanted_goods.models import UnwantedGoods
from procurement.requests.unwanted_goods.queries import filter_unwanted, unwanted_goods_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def entry(story: Story, **facts: Any) -> UnwantedGoods:
    given = {"city": story.city, "reason": "Our stock lasts a year.", "by": story.officer.by, **facts}
    if not facts.keys() & {"product", "family", "standard", "condition"}:
        given["family"] = "glove"
    return add_unwanted_goods(given.pop("city"), **given, at=AT)


def product(code: str = "MASK_SURG") -> Product:
    return Product.objects.get(code=code)


def standards() -> tuple[Standard, Standard]:
    first, second = Standard.objects.order_by("pk")[:2]
    return first, second


@pytest.mark.parametrize("who", ["approver", "verifier", "logistics", "observer", "stranger"])
def test_only_officers_of_the_city_maintain_its_list(story: Story, who: str) -> None:
    by = getattr(story, who).by
    with assert_refused("not_allowed"):
        entry(story, by=by)
    added = entry(story)
    with assert_refused("not_allowed", added):
        withdraw_unwanted_goods(added, reason="No.", by=by, at=AT)


@pytest.mark.parametrize("city", [None, "burnaby"])
def test_coordinators_maintain_the_list_for_all_cities(story: Story, city: str | None) -> None:
    user = cities.member("officer", story.city, "Coordinator of one city")
    grant_role(user, role="coordinator", city=story.city if city else None, by=CONSOLE_ACTOR, at=AT)
    for_all = entry(story, city=None, by=powers_for(user))
    assert unwanted_goods_of([cities.city("markham").pk], AT.date()) == [for_all]
    with assert_refused("not_allowed", for_all):
        withdraw_unwanted_goods(for_all, reason="No.", by=story.officer.by, at=AT)


def test_officer_adds_nothing_for_all_cities(story: Story) -> None:
    with assert_refused("not_allowed"):
        entry(story, city=None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"family": ""}, "product"),
        ({"family": "mask", "product": "MASK_SURG"}, "family"),
        ({"reason": "  "}, "reason"),
        ({"ends_on": date(2020, 4, 15)}, "ends_on"),
    ],
)
def test_invalid_entry_is_refused_at_its_field(story: Story, facts: dict[str, Any], field: str) -> None:
    if "product" in facts:
        facts = facts | {"product": product(facts["product"])}
    with pytest.raises(Refused) as caught:
        entry(story, **facts)
    assert caught.value.details["field"] == field
    assert not UnwantedGoods.objects.exists()


def test_entry_holds_through_its_last_day_or_until_it_is_removed(story: Story) -> None:
    today = story.city.day_at(AT)
    ends, endless = entry(story, ends_on=today), entry(story)
    assert unwanted_goods_of([story.city.pk], today) == [ends, endless]
    assert unwanted_goods_of([story.city.pk], today + DAY) == [endless]
    withdraw_unwanted_goods(endless, reason="We need some.", by=story.officer.by, at=AT)
    assert unwanted_goods_of([story.city.pk], today) == [ends]


def test_entry_of_one_city_does_not_hold_for_another(story: Story) -> None:
    entry(story)
    assert unwanted_goods_of([cities.city("markham").pk], story.city.day_at(AT)) == []


def test_entry_covers_goods_that_match_all_its_facts(story: Story) -> None:
    mask, (claimed, other) = product(), standards()
    glove = Product.objects.filter(family="glove").first()
    assert glove is not None
    of_product, of_family = entry(story, product=mask), entry(story, family="mask")
    of_standard, of_both = entry(story, standard=claimed), entry(story, product=mask, standard=claimed)
    any_opened = entry(story, condition="opened")
    rows = [of_product, of_family, of_standard, of_both, any_opened]
    assert filter_unwanted(rows, [(mask, claimed)]) == rows
    assert filter_unwanted(rows, [(mask, other)]) == [of_product, of_family, any_opened]
    assert filter_unwanted(rows, [(mask, None)]) == [of_product, of_family, any_opened]
    assert filter_unwanted(rows, [(glove, claimed)]) == [of_standard, any_opened]
    assert filter_unwanted(rows, [(glove, None), (mask, claimed)]) == rows


def test_goods_are_named_with_standard_and_condition(story: Story) -> None:
    claimed, _other = standards()
    named = entry(story, product=product(), standard=claimed, condition="no_test_report")
    assert named.goods_description == f"{product().name} ({claimed.label}; without a test report)"
    assert entry(story, family="glove").goods_description == "Gloves"
    assert entry(story, standard=claimed).goods_description == claimed.label
    assert entry(story, condition="opened").goods_description == "All goods (in opened or damaged packaging)"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Please do not send the following goods, because we cannot use them:\n  – Gloves (without a test report): ",
        ),
        (
            "fr",
            (
                "Veuillez ne pas envoyer les marchandises suivantes, car nous ne pouvons pas les utiliser\u00a0:\n"
                "  – Gants (sans rapport d’essai)\u00a0: "
            ),
        ),
        ("zh-hans", "请勿寄送以下物资，我方无法使用：\n  – 手套（无检测报告）："),
    ],
)
def test_letter_lists_unwanted_goods_in_the_language_of_its_reader(
    story: Story, language: str, words: str
) -> None:
    line, row = story.line(), entry(story, family="glove", condition="no_test_report")
    need = line.supply_request
    body = compose_letter(need, [line], story.contact, language, unwanted=[row]).body
    assert words in body
    assert "Our stock lasts a year." in body
    heading = words.partition("\n")[0]
    assert heading not in compose_letter(need, [line], story.contact, language).body


def test_draft_of_a_letter_quotes_the_entries_of_its_day(story: Story) -> None:
    need, today = story.line().supply_request, story.city.day_at(AT)
    entry(story, ends_on=today)
    theirs, own = compose_letters(need, story.contact, story.officer.user, today)
    assert "Our stock lasts a year." in theirs.body
    assert own is None or "Our stock lasts a year." in own.body
    later, _own = compose_letters(need, story.contact, story.officer.user, today + DAY)
    assert "Our stock lasts a year." not in later.body
