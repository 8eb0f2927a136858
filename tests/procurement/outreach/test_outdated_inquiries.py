"""Tests of inquiries that are sent after their need changed, which show the current quantity wherever they are read."""

from datetime import timedelta

import pytest

from procurement.outreach.actions.inquiries import (
    InquiryEdit,
    ask_partner_city,
    draft_inquiry,
    forward_inquiry,
    give_consent,
    revise_inquiry,
    send_inquiry,
)
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.letter_pdf import is_letter_unchanged
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.queries.letters import changed_need_text
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import SupplyRequest
from procurement.tasks import run_tick
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
CHANGED = "The need has changed since this was written"
BODY = "We need 10,000 masks."


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("richmond")
    clear_instance_cache()


def reduce_need(story: Story, need: SupplyRequest, at=LATER) -> None:
    line = need.lines.get()
    set_lines(
        need,
        [LineFacts(product=line.product, quantity=7_000)],
        by=story.officer.by,
        at=at,
        reason="Half was found.",
    )


def draft_inquiry_to(story: Story, contact, **facts) -> Inquiry:
    return draft_inquiry(
        story.line().supply_request, contact, subject="s", body=BODY, author=story.officer.user,
        by=story.officer.by, at=AT, **facts,
    )  # fmt: skip


def inquiry_agreed_after_change(story: Story) -> Inquiry:
    """Return an inquiry to which the partner city agreed after the need changed."""
    agreeing = powers_for(cities.member("officer", cities.city("zhongshan")))
    inquiry = draft_inquiry_to(
        story, cities.contact("foshan", "He Min"), through_city=cities.city("zhongshan")
    )
    ask_partner_city(inquiry, by=story.officer.by, at=AT)
    reduce_need(story, inquiry.supply_request)
    return give_consent(inquiry, by=agreeing, at=LATER + timedelta(hours=1))


def inquiry_forwarded_after_change(story: Story) -> Inquiry:
    """Return an inquiry that its first contact forwarded after being notified of the change."""
    first = send_inquiry(
        draft_inquiry_to(story, cities.contact("zhongshan", "Li Wei")), by=story.officer.by, at=AT
    )
    reduce_need(story, first.supply_request)
    update_inquiries(LATER + timedelta(hours=1))
    by = powers_by_link_to(first.contact, first)
    colleague = cities.contact("zhongshan", "Zhao Lan")
    return forward_inquiry(first, to=colleague, by=by, at=LATER + timedelta(hours=1))


def inquiry_sent_after_change(story: Story) -> Inquiry:
    """Return an inquiry that was sent only after the need changed."""
    inquiry = draft_inquiry_to(story, cities.contact("zhongshan", "Li Wei"))
    reduce_need(story, inquiry.supply_request)
    return send_inquiry(inquiry, by=story.officer.by, at=LATER + timedelta(hours=1))


WAYS = pytest.mark.parametrize(
    "way", [inquiry_agreed_after_change, inquiry_forwarded_after_change, inquiry_sent_after_change]
)


def set_english(inquiry: Inquiry) -> Inquiry:
    user = inquiry.contact.user
    user.language = "en"
    user.save()
    return Inquiry.objects.get(pk=inquiry.pk)


@WAYS
def test_contact_page_of_an_outdated_inquiry_shows_the_current_quantity(story, way):
    page = open_link_page(set_english(way(story)))
    assert CHANGED in page
    assert "7,000" in page


@WAYS
def test_first_email_of_an_outdated_inquiry_shows_the_current_quantity_and_is_sent_once(story, way):
    inquiry = set_english(way(story))
    for hours in (2, 3, 10, 11, 34, 82, 83):  # night in China, Friday, the weekend, Monday
        run_tick(AT + timedelta(hours=hours))
    mails = Message.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry.pk, recipient=inquiry.contact.user, state="sent"
    )
    first, *more = mails.order_by("sent_at")
    assert CHANGED in first.body
    assert "7,000" in first.body
    assert [mail.template for mail in more if mail.template != "inquiry_reminder"] == []


@WAYS
def test_letter_of_an_outdated_inquiry_includes_the_current_quantity(story, way):
    inquiry = set_english(way(story))
    kept = SentLetter.objects.get(inquiry=inquiry)
    text = " ".join(kept.words["languages"][0]["paragraphs"])
    assert BODY in text
    assert "7,000" in text.replace("\u00a0", ",").replace("\u202f", ",")
    assert is_letter_unchanged(kept)


def test_inquiry_revised_after_the_change_of_the_need_has_no_change_notice(story):
    inquiry = draft_inquiry_to(story, cities.contact("zhongshan", "Li Wei"))
    reduce_need(story, inquiry.supply_request)
    revise_inquiry(
        inquiry, InquiryEdit(chosen_because="She knows."), by=story.officer.by, at=LATER + timedelta(hours=1)
    )
    assert changed_need_text(inquiry) != "", "only the reason was written again"
    revise_inquiry(
        inquiry, InquiryEdit(body="We need 7,000 masks."), by=story.officer.by, at=LATER + timedelta(hours=1)
    )
    send_inquiry(inquiry, by=story.officer.by, at=LATER + timedelta(hours=2))
    assert changed_need_text(inquiry) == ""
    assert CHANGED not in open_link_page(set_english(inquiry))
