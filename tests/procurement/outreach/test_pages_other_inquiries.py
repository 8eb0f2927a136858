"""Tests of the hint that another city asked the same contact for the same goods.

The other city is not named where that is private.
"""

import pytest

from accounts import actors
from partners.memberships.actions import grant_role
from procurement.outreach.actions.replies import decline_inquiry
from tests.browsing import Browser
from tests.procurement.outreach.test_inquiries import powers_by_own_link, sent_inquiry
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    for city in ("burnaby", "markham"):
        cities.twinning(city, "zhongshan")
    yield Story()
    clear_instance_cache()


def inquiry_of_markham(story):
    other = Story("markham")
    return sent_inquiry(other, contact=story.contact, need=other.line().supply_request)


def test_open_inquiry_of_another_city_for_the_same_goods_is_mentioned_without_its_name(story):
    theirs, need = inquiry_of_markham(story), story.line().supply_request
    officer = Browser(story.officer.user)
    ask = officer.open(f"{need.get_absolute_url()}ask/")
    assert "Another city already asked about the same goods on" in ask
    assert "is waiting for a reply" in ask
    decline_inquiry(theirs, by=powers_by_own_link(theirs), at=AT)
    letter = officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/")
    assert "received a reply on" in letter
    assert "or wait for its outcome first" in letter
    assert "Markham" not in letter
    assert theirs.reference not in letter


def test_open_inquiry_for_the_same_goods_names_the_other_city_to_a_member_of_both_cities(story):
    inquiry_of_markham(story)
    grant_role(
        story.officer.user, role="observer", city=cities.city("markham"), by=actors.CONSOLE_ACTOR, at=AT
    )
    need = story.line().supply_request
    ask = Browser(story.officer.user).open(f"{need.get_absolute_url()}ask/")
    assert "Markham already asked about the same goods on" in ask


def test_inquiry_of_the_same_need_is_not_reported_as_a_repetition(story):
    mine = sent_inquiry(story)
    ask = Browser(story.officer.user).open(f"{mine.supply_request.get_absolute_url()}ask/")
    assert "already asked about the same goods" not in ask
