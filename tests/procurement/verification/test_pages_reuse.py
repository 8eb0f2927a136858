"""Tests of reusing another city's check on pages: offered without a name, requested, and granted or declined."""

import pytest

from partners.memberships.models import Membership
from procurement.outreach.models.letters import SentLetter
from procurement.tasks import plan_messages
from procurement.verification.models import CheckReuse
from tests.browsing import Browser
from tests.worlds import check_reuse, cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import clear_instance_cache, create_instance
from workflow.outbox.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        clear_instance_cache()
        create_instance("practice", AT)
        story = Story()
        assert story.verifier and story.observer
        story.task = check_reuse.own_licence_check(story)
        story.asker = Membership.objects.get(city=story.task.city, role="officer").user
        yield story
        clear_instance_cache()


def notifications_of(user) -> str:
    plan_messages(clock.now())
    return " ".join(
        f"{one.entry.verb}:{one.entry.thing_label}" for one in Notification.objects.filter(recipient=user)
    )


def test_reuse_of_another_citys_check_is_requested_anonymously_and_granted(story):
    asker, officer = Browser(story.asker), Browser(story.officer.user)
    page = asker.open(story.task)
    assert "Another city accepted the same type of check on this supplier on " in page
    assert "Burnaby" not in page
    asked = page.press("Ask to use this check")
    assert "The other city has been asked but has not replied yet." in asked
    assert "Ask to use this check" not in asked.buttons
    reuse = CheckReuse.objects.get()
    assert "Another city would like to use your check on" in officer.open("/")
    assert "request:procurement.checkreuse" in notifications_of(story.officer.user)
    question = officer.open(reuse)
    assert "Markham is looking at the same supplier" in question
    done = question.press("Allow use of the check")
    assert (done.at, CheckReuse.objects.get().status) == (reuse.get_absolute_url(), "agreed")
    used = asker.open(reuse)
    assert used.at == story.task.get_absolute_url(), "anyone who asked finds the answer on their own check"
    assert "Used with permission from Burnaby, which accepted the check on " in used
    assert "Does the public company register show this registration number under this name?" in used
    assert story.checker.user.name not in used
    assert "agree:procurement.checkreuse" in notifications_of(story.asker)
    thanks = SentLetter.objects.get(entry__thing_label="procurement.checkreuse")
    assert thanks.contact == story.checker
    assert f"{thanks}" in officer.open(reuse)


def test_city_that_declines_reuse_of_its_check_is_not_named(story):
    asker = Browser(story.asker)
    asker.open(story.task).press("Ask to use this check")
    reuse = CheckReuse.objects.get()
    Browser(story.verifier.user).open(reuse).press("Decline")
    page = asker.open(story.task)
    assert "The other city declined. Choose who will do the check for you." in page
    assert "Burnaby" not in page
    assert "refuse:procurement.checkreuse" in notifications_of(story.asker)


def test_reuse_that_is_no_longer_available_is_refused_and_get_changes_nothing(story):
    asker = Browser(story.asker)
    address = f"{story.task.get_absolute_url()}ask-another-city/"
    assert asker.client.get(address).status_code == 405
    origin = story.task.supplier.checks.get(status="accepted", check_kind=story.task.check_kind)
    type(origin).objects.filter(pk=origin.pk).update(supplier=story.company("另一家 DEMO"))
    answer = asker.client.post(address)
    assert answer.status_code in (409, 422)
    assert "No other city still has a check of this type." in answer.content.decode()
    assert "Another city accepted" not in asker.open(story.task)


def test_needed_checks_page_states_for_how_many_days_a_check_can_be_shared(story):
    page = Browser(story.asker).open(story.task.lead).follow("Required checks")
    assert "Can be shared with another city for 180 days after acceptance." in page
    assert "Cannot be shared with other cities." in page


def test_reuse_request_is_404_for_a_third_city(story):
    Browser(story.asker).open(story.task).press("Ask to use this check")
    stranger = cities.member("officer", cities.city("oakville"))
    assert Browser(stranger).open(CheckReuse.objects.get()).status == 404
