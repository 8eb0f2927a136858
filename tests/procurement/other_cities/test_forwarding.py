"""Tests of forwarding an inquiry or a check: only colleagues whom the asking city may ask are offered."""

from datetime import timedelta

import pytest

from partners.contacts.actions import add_contact, record_consent, stop_city_inquiries
from procurement.outreach.actions.inquiries import forward_inquiry
from procurement.verification.actions.assignment import forward_check, request_check
from procurement.verification.actions.checks import propose_check
from tests.browsing import Browser
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import Role, own_link, powers_by_link_to
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Story:
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    for place in ("burnaby", "markham"):
        cities.twinning(place, "zhongshan")
    return story


def sent_inquiry(story: Story):
    return story.asked(story.line())


def requested_check(story: Story):
    task = propose_check(submitted_offer(story), "sample_test", needed=False, by=story.officer.by, at=AT)
    return request_check(task, story.contact, by=story.officer.by, at=AT)


def stopped_colleague(story: Story):
    """Return a colleague to whom the asking city has stopped its inquiries."""
    colleague = cities.contact("zhongshan", "Zhao Min")
    stop_city_inquiries(colleague, by=story.second_officer.by, at=AT, reason="Other ways to confirm.")
    return colleague


def unconfirmed_colleague(story: Story):
    """Return a contact entered by a third city and not confirmed by their own city."""
    by = cities.powers(Role.OFFICER, cities.city("markham"))
    one = add_contact(
        cities.organization("zhongshan"), email="qian@office.example", name="Qian Yu", by=by, at=AT
    )
    record_consent(one, by=own_link(one), at=AT)
    return one


THINGS = pytest.mark.parametrize(
    ("thing", "words"),
    [(sent_inquiry, "Please ask my colleague"), (requested_check, "A colleague will do it")],
)
WHO = pytest.mark.parametrize("who", [stopped_colleague, unconfirmed_colleague])


@THINGS
@WHO
def test_forward_page_omits_colleague_whom_city_may_not_ask(story, thing, words, who):
    one, other = who(story), cities.contact("zhongshan", "Sun Yi")
    page = open_link_page(thing(story), "en").follow(button_text(words, "en"))
    assert str(other) in page
    assert str(one) not in page


@THINGS
@WHO
def test_refusal_to_forward_does_not_reveal_colleagues_relation_to_city(story, thing, words, who):
    one, asked = who(story), thing(story)
    act = forward_inquiry if thing is sent_inquiry else forward_check
    with assert_refused("not_ready", asked) as no:
        act(asked, to=one, by=powers_by_link_to(story.contact, asked), at=LATER)
    assert "Your city" not in str(no.value.message)
    assert "Choose another colleague." in str(no.value.message)
    assert no.value.details["field"] == "to"


def test_colleague_named_by_third_city_cannot_be_deputy_until_confirmed(story):
    story.practise()
    one, other = unconfirmed_colleague(story), cities.contact("zhongshan", "Sun Yi")
    keeper = cities.member(Role.OFFICER, cities.city("zhongshan"))
    page = Browser(keeper).open(f"/contacts/{story.contact.pk}/name_deputy/")
    assert str(other) in page
    assert str(one) not in page
