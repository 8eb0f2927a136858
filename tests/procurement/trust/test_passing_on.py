"""A question or check is passed on to those alone whom the asking city may ask, and a refusal speaks to who reads it."""

from datetime import timedelta

import pytest

from partners.actions import people
from partners.actions.people import add_contact, stop_for_city
from procurement.outreach.actions.asking import hand_over
from procurement.verification.actions import asking, opening
from procurement.verification.actions.asking import request_check
from tests import world
from tests.browsing import Browser
from tests.procurement.leads.play import offered
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story
from tests.procurement.web.contacts.by_link import pressed, said
from tests.world import Role, own_link, powers_by_link_to

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Story:
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    for place in ("burnaby", "markham"):
        world.twinning(place, "zhongshan")
    return story


def question(story: Story):
    return story.asked(story.line())


def check(story: Story):
    task = opening.propose(offered(story), "sample_test", needed=False, by=story.officer.by, at=AT)
    return request_check(task, story.contact, by=story.officer.by, at=AT)


def stopped(story: Story):
    """A colleague whom the asking city asks nothing more."""
    colleague = world.contact("zhongshan", "Zhao Min")
    stop_for_city(colleague, by=story.second_officer.by, at=AT, reason="Another way.")
    return colleague


def unconfirmed(story: Story):
    """Somebody whom a third city has put there, and whom nobody there has confirmed."""
    by = world.powers(Role.OFFICER, world.city("markham"))
    one = add_contact(
        world.organisation("zhongshan"), email="qian@office.example", name="Qian Yu", by=by, at=AT
    )
    people.confirm(one, by=own_link(one), at=AT)
    return one


THINGS = pytest.mark.parametrize(
    ("thing", "words"), [(question, "Please ask my colleague"), (check, "My colleague will")]
)
WHO = pytest.mark.parametrize("who", [stopped, unconfirmed])


@THINGS
@WHO
def test_the_page_offers_no_colleague_whom_the_city_may_not_ask(story, thing, words, who):
    one, other = who(story), world.contact("zhongshan", "Sun Yi")
    page = pressed(thing(story), "en").follow(said(words, "en"))
    assert str(other) in page
    assert str(one) not in page


@THINGS
@WHO
def test_a_refusal_says_nothing_of_what_lies_between_the_city_and_the_colleague(story, thing, words, who):
    one, asked = who(story), thing(story)
    act = hand_over if thing is question else asking.forward
    with refused("not_ready", asked) as no:
        act(asked, to=one, by=powers_by_link_to(story.contact, asked), at=LATER)
    assert "Your city" not in str(no.value.message)
    assert "Choose another colleague." in str(no.value.message)
    assert no.value.details["field"] == "to"


def test_a_colleague_whom_a_third_city_named_is_no_deputy_until_confirmed(story):
    story.practise()
    one, other = unconfirmed(story), world.contact("zhongshan", "Sun Yi")
    keeper = world.member(Role.OFFICER, world.city("zhongshan"))
    page = Browser(keeper).open(f"/contacts/{story.contact.pk}/name_deputy/")
    assert str(other) in page
    assert str(one) not in page
