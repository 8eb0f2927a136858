"""A question may go long after it was written: what changed in between is said wherever the question is read."""

from datetime import timedelta

import pytest

from procurement import tasks
from procurement.outreach.actions import asking, writing
from procurement.outreach.actions.asking import ask_partner, hand_over
from procurement.outreach.actions.settling import close_moot
from procurement.outreach.gathering.changes import needed_now
from procurement.outreach.models import Inquiry, SentLetter
from procurement.outreach.paper import is_unchanged
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import SupplyRequest
from tests import world
from tests.procurement.story import AT, Story
from tests.procurement.web.contacts.by_link import pressed
from tests.world import powers_by_link_to, powers_for
from workflow import clock
from workflow.clock import create_instance
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
CHANGED = "Changed since this was written"
BODY = "We need 10,000 masks."


@pytest.fixture
def story(db):
    clock.forget()
    create_instance("practice", AT)
    yield Story("richmond")
    clock.forget()


def lowered(story: Story, need: SupplyRequest, at=LATER) -> None:
    line = need.lines.get()
    set_lines(need, [LineFacts(product=line.product, quantity=7_000)], by=story.officer.by, at=at)


def proposed(story: Story, contact, **facts) -> Inquiry:
    return writing.propose(
        story.line().supply_request, contact, subject="s", body=BODY, author=story.officer.user,
        by=story.officer.by, at=AT, **facts,
    )  # fmt: skip


def agreed_late(story: Story) -> Inquiry:
    """The partner city agrees after the need has changed."""
    agreeing = powers_for(world.member("officer", world.city("zhongshan")))
    inquiry = proposed(story, world.contact("foshan", "He Min"), through_city=world.city("zhongshan"))
    ask_partner(inquiry, by=story.officer.by, at=AT)
    lowered(story, inquiry.supply_request)
    return asking.consent(inquiry, by=agreeing, at=LATER + timedelta(hours=1))


def handed_over(story: Story) -> Inquiry:
    """The first contact was told of the change, and passes the question on."""
    first = asking.send(proposed(story, world.contact("zhongshan", "Li Wei")), by=story.officer.by, at=AT)
    lowered(story, first.supply_request)
    close_moot(LATER + timedelta(minutes=1))
    by = powers_by_link_to(first.contact, first)
    colleague = world.contact("zhongshan", "Zhao Lan")
    return hand_over(first, to=colleague, by=by, at=LATER + timedelta(hours=1))


def sent_late(story: Story) -> Inquiry:
    """Written, and sent only after the need has changed."""
    inquiry = proposed(story, world.contact("zhongshan", "Li Wei"))
    lowered(story, inquiry.supply_request)
    return asking.send(inquiry, by=story.officer.by, at=LATER + timedelta(hours=1))


WAYS = pytest.mark.parametrize("way", [agreed_late, handed_over, sent_late])


def english(inquiry: Inquiry) -> Inquiry:
    user = inquiry.contact.user
    user.language = "en"
    user.save()
    return Inquiry.objects.get(pk=inquiry.pk)


@WAYS
def test_the_contacts_page_says_what_is_needed_now(story, way):
    page = pressed(english(way(story)))
    assert CHANGED in page
    assert "7,000" in page


@WAYS
def test_the_mail_says_what_is_needed_now_and_goes_once(story, way):
    inquiry = english(way(story))
    for hours in (2, 3, 10, 11, 34, 82, 83):  # night in China, Friday, the weekend, Monday
        tasks.run(AT + timedelta(hours=hours))
    mails = Message.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry.pk, recipient=inquiry.contact.user, state="sent"
    )
    first, *more = mails.order_by("sent_at")
    assert CHANGED in first.body
    assert "7,000" in first.body
    assert [mail.template for mail in more if mail.template != "inquiry_reminder"] == []


@WAYS
def test_the_paper_says_what_is_needed_now(story, way):
    inquiry = english(way(story))
    kept = SentLetter.objects.get(inquiry=inquiry)
    said = " ".join(kept.words["tongues"][0]["paragraphs"])
    assert BODY in said
    assert "7,000" in said.replace("\u00a0", ",").replace("\u202f", ",")
    assert is_unchanged(kept)


def test_words_written_again_after_the_change_say_it_themselves(story):
    inquiry = proposed(story, world.contact("zhongshan", "Li Wei"))
    lowered(story, inquiry.supply_request)
    writing.revise(inquiry, chosen_because="She knows.", by=story.officer.by, at=LATER + timedelta(hours=1))
    assert needed_now(inquiry) != "", "only the reason was written again"
    writing.revise(inquiry, body="We need 7,000 masks.", by=story.officer.by, at=LATER + timedelta(hours=1))
    asking.send(inquiry, by=story.officer.by, at=LATER + timedelta(hours=2))
    assert needed_now(inquiry) == ""
    assert CHANGED not in pressed(english(inquiry))
