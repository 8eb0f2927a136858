"""Tests of facts from sources on a company's page: shown beside the stored fact, chosen, or removed."""

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.models.facts import SupplierFact
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.supplier and story.contact
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


SAYS = {
    "name": "address",
    "value": "12 Zhongshan Road, Zhongshan",
    "stated_by": "Their letter of 14 April",
    "stated_on": "2020-04-14",
    "how": "stated",
}


def test_two_sources_are_shown_beside_the_fact_and_one_is_chosen(story, officer):
    form = officer.open(story.supplier).follow("Add a source")
    page = form.press("Add", **SAYS)
    assert page.at == story.supplier.get_absolute_url()
    assert "Their letter of 14 April" in page
    page = page.follow("Add a source").press(
        "Add",
        **{**SAYS, "value": "99 Nanlang Street", "stated_by": "Licence", "how": "licence", "source": "p. 1"},
    )
    assert "Unconfirmed source" in page
    assert "Seen on the business licence" in page
    row = SupplierFact.objects.latest("pk")
    page = officer.open(f"{row.get_absolute_url()}select/").press(
        "Use this value", reason="The licence is the register's."
    )
    assert page.at == story.supplier.get_absolute_url()
    assert "chosen by" in page
    assert "Unconfirmed source" not in page
    story.supplier.refresh_from_db()
    assert story.supplier.address == "99 Nanlang Street"
    assert "chosen by" in Browser(story.stranger.user).open(row)


def test_fact_recorded_by_mistake_is_removed_with_a_reason(story, officer):
    officer.open(story.supplier).follow("Add a source").press("Add", **SAYS)
    row = SupplierFact.objects.get()
    officer.open(f"{row.get_absolute_url()}retract/").press("Remove fact", reason="Another company.")
    row.refresh_from_db()
    assert row.status == "retracted"


def test_invalid_fact_value_is_refused_at_its_field(story, officer):
    form = officer.open(f"{story.supplier.get_absolute_url()}facts/new/?fact=founded_on")
    wrong = form.press("Add", **{**SAYS, "name": "founded_on", "value": "long ago"})
    assert (wrong.status, set(wrong.wrong)) == (422, {"value"})
    assert set(form.press("Add", **{**SAYS, "value": ""}).wrong) == {"value"}


def test_observer_cannot_add_a_source(story):
    observer = Browser(story.observer.user)
    assert "Add a source" not in observer.open(story.supplier)
    assert observer.open(f"{story.supplier.get_absolute_url()}facts/new/").status == 403


@pytest.mark.parametrize(("language", "country"), [("en", "China"), ("fr-ca", "Chine"), ("zh-hans", "中国")])
def test_country_of_a_company_is_named_in_the_readers_language(story, language, country):
    edit_person(story.officer.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    officer = Browser(story.officer.user)
    record_fact(
        story.supplier,
        "country",
        "HK",
        stated_by="Licence",
        stated_on=AT.date(),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    page = officer.open(story.supplier)
    assert country in page.text
    assert " CN " not in page.text
    assert "HK" not in page.text.split()
