"""A question through a partner city goes only where an officer of that city could agree."""

import pytest

from procurement.outreach import actions
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db):
    clock.forget()
    clock.create_instance("practice", AT)
    yield Story("richmond")
    clock.forget()


def through(story, between: str):
    return actions.propose(
        story.line().supply_request, world.contact("foshan", "He Min"), through_city=world.city(between), subject="s",
        body="b", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("between", ["zhongshan", "wuhan"])
@pytest.mark.parametrize("role", [None, "administrator", "observer"])
def test_it_is_refused_where_nobody_could_agree_and_says_so(story, between, role):
    question = through(story, between)
    if role is not None:
        world.member(role, world.city(between))
    with refused("not_ready", question) as no:
        actions.ask_partner(question, by=story.officer.by, at=AT)
    assert "no officer here who could agree" in str(no.value.message)
    answer = Program(story.officer.user).ask("post", f"inquiries/{question.reference}/ask-partner/")
    assert answer.status_code in (409, 422)
    assert "no officer here who could agree" in answer.content.decode()


def test_it_goes_where_an_officer_of_the_city_can_agree(story):
    question = through(story, "zhongshan")
    person = world.member("officer", world.city("zhongshan"))
    actions.ask_partner(question, by=story.officer.by, at=AT)
    actions.consent(question, by=world.powers_for(person), at=AT)
    assert question.status == "sent"
