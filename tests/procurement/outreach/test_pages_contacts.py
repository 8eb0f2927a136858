"""Tests of the list of contacts: those a city can ask, their open inquiries and absences, and a file without names."""

import pytest

from partners.contacts.actions import set_absence
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        story.never_asked = cities.contact("zhongshan", "Zhou Min")
        story.inquiry = story.asked(story.line())
        yield story


def contact_names(story, query="", person=None):
    """Return the names of the contacts that the list shows, in its order."""
    page = Browser((person or story.officer).user).open(f"/contacts/{query}")
    assert page.status == 200
    cells = page.root.xpath("//main//tbody/tr/th//a")
    return [" ".join(cell.text_content().split()) for cell in cells], page


def test_contact_list_shows_contacts_the_city_can_ask_and_their_open_inquiries(story):
    found, page = contact_names(story)
    assert any(str(story.contact) in one for one in found)
    assert any(str(story.never_asked) in one for one in found)
    assert "Never" in page
    waiting, _page = contact_names(story, "?waits=waiting")
    assert [str(story.contact) in one for one in waiting] == [True]
    free, _page = contact_names(story, "?waits=free")
    assert not any(str(story.contact) in one for one in free)


def test_contact_list_of_a_city_without_agreement_is_empty(story):
    found, _page = contact_names(story, person=story.stranger)
    assert not any(str(story.contact) in one for one in found)


@pytest.mark.parametrize("order", ["city", "-city", "name", "asked", "-asked", "waits", "-waits"])
def test_contact_list_can_be_sorted_by_each_column(story, order):
    found, _page = contact_names(story, f"?order={order}")
    assert len(found) >= 2


def test_contact_list_sorted_by_open_inquiries_descending_starts_with_the_asked_contact(story):
    asked, _page = contact_names(story, "?order=-waits")
    assert str(story.contact) in asked[0]


def test_contact_list_marks_and_filters_absent_contacts(story):
    contact = story.never_asked
    set_absence(contact, AT.date().replace(day=28), by=own_link(contact), at=AT)
    found, page = contact_names(story, "?away=on")
    assert len(found) == 1
    assert "Away until" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_contact_list_download_contains_the_office_and_no_personal_name(story, kind):
    answer = Browser(story.officer.user).client.get(f"/contacts/?as={kind}")
    assert answer.status_code == 200
    content = answer.getvalue() if answer.streaming else answer.content
    if kind == "csv":
        text = content.decode()
        assert story.contact.organization.name_en in text
        assert str(story.contact) not in text
