"""Tests of offers that contacts confirm after a change of the need, and of unsent letters that are composed again."""

from datetime import timedelta

import pytest

from procurement.leads.actions.leads import submit_answer
from procurement.outreach.actions.inquiries import InquiryEdit, draft_inquiry, revise_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.replies import reaffirm_offers
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import changes_since_written, letter_drafts
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import stop_request
from procurement.tasks import run_tick
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.cities import powers_by_link_to
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT + 5 * HOUR)
    story = Story()
    story.contact.user.language = "en"
    story.contact.user.save()
    yield story
    clear_instance_cache()


def change_quantity(story: Story, need, pieces: int, at) -> None:
    line = need.lines.get()
    facts = LineFacts(product=line.product, quantity=pieces, standards=list(line.standards.all()))
    set_lines(need, [facts], reason="Half was found.", by=story.officer.by, at=at)


def answered_inquiry(story: Story) -> Inquiry:
    inquiry = story.asked(story.line(7_300))
    line = inquiry.supply_request.lines.get()
    submit_answer(
        inquiry, author=inquiry.contact.user, by=powers_by_link_to(inquiry.contact, inquiry), at=AT + HOUR,
        line=line, product=line.product, supplier=story.supplier, stock_quantity=500,
    )  # fmt: skip
    return inquiry


def confirm_offer_of(inquiry: Inquiry, at) -> Inquiry:
    return reaffirm_offers(inquiry, by=powers_by_link_to(inquiry.contact, inquiry), at=at)


# --- does the offer still hold? ---------------------------------------------------------------------------------
def test_contact_confirms_an_offer_once_for_each_announced_change(story):
    inquiry = answered_inquiry(story)
    with pytest.raises(Refused, match="has not changed"):
        confirm_offer_of(inquiry, AT + 2 * HOUR)
    change_quantity(story, inquiry.supply_request, 4_150, AT + 2 * HOUR)
    update_inquiries(AT + 4 * HOUR)
    inquiry.refresh_from_db()
    confirm_offer_of(inquiry, AT + 5 * HOUR)
    assert (inquiry.status, inquiry.reaffirmed_at) == ("answered", AT + 5 * HOUR)
    with pytest.raises(Refused, match="has not changed"):
        confirm_offer_of(inquiry, AT + 6 * HOUR)
    change_quantity(story, inquiry.supply_request, 4_000, AT + 7 * HOUR)
    update_inquiries(AT + 9 * HOUR)
    inquiry.refresh_from_db()
    confirm_offer_of(inquiry, AT + 10 * HOUR)


def test_offer_for_a_paused_need_cannot_be_confirmed(story):
    inquiry = answered_inquiry(story)
    change_quantity(story, inquiry.supply_request, 4_150, AT + 2 * HOUR)
    update_inquiries(AT + 4 * HOUR)
    stop_request(inquiry.supply_request, reason="full", by=story.officer.by, at=AT + 5 * HOUR)
    inquiry.refresh_from_db()
    with pytest.raises(Refused, match="not taking new offers"):
        confirm_offer_of(inquiry, AT + 6 * HOUR)


def test_contact_page_asks_to_confirm_an_offer_after_a_change_and_the_officer_is_mailed(story):
    inquiry = answered_inquiry(story)
    assert "My offer is still valid" not in open_link_page(inquiry)
    change_quantity(story, inquiry.supply_request, 4_150, AT + 2 * HOUR)
    run_tick(AT + 4 * HOUR)
    page = open_link_page(inquiry)
    assert page.text.index("4,150") < page.text.index("The letter as it was sent")
    after = page.press("My offer is still valid")
    assert "You confirmed on" in after
    assert "My offer is still valid" not in after
    run_tick(AT + 5 * HOUR)
    entry = Entry.objects.get(verb="reaffirm")
    assert entry.via == "link"
    assert Notification.objects.get(entry=entry).recipient == story.officer.user


# --- letters that were not sent yet -----------------------------------------------------------------------------
def drafted_letter(story: Story, **words: str) -> Inquiry:
    need = story.line(7_300).supply_request
    known = letter_drafts(need, story.contact, story.officer.user, need.city.day_at(AT)) | words
    return draft_inquiry(need, story.contact, **known, author=story.officer.user, by=story.officer.by, at=AT)


def test_unsent_letter_is_composed_again_in_both_languages_when_the_need_changes(story):
    story.contact.user.language = "zh-hans"
    story.contact.user.save()
    inquiry = drafted_letter(story)
    assert "7,300" in inquiry.body_own
    change_quantity(story, inquiry.supply_request, 4_150, AT + HOUR)
    update_inquiries(AT + HOUR)
    inquiry.refresh_from_db()
    for words in (inquiry.body, inquiry.body_own):
        assert "4,150" in words
        assert "7,300" not in words
    assert changes_since_written(inquiry) == []
    update_inquiries(AT + 2 * HOUR)
    assert Entry.objects.filter(verb="recompose").count() == 1


@pytest.mark.parametrize("edited", ["when written", "later"])
def test_edited_letter_is_kept_and_the_change_of_the_need_shown_beside_it(story, edited):
    own = {"body": "Dear Li Wei, 7,300 masks, please."}
    inquiry = drafted_letter(story, **(own if edited == "when written" else {}))
    if edited == "later":
        revise_inquiry(inquiry, InquiryEdit(**own, body_own=""), by=story.officer.by, at=AT)
    change_quantity(story, inquiry.supply_request, 4_150, AT + HOUR)
    update_inquiries(AT + HOUR)
    inquiry.refresh_from_db()
    assert inquiry.body == own["body"]
    assert "4,150" in str(changes_since_written(inquiry))


def test_sent_letter_is_not_composed_again_when_the_need_changes(story):
    inquiry = drafted_letter(story)
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    change_quantity(story, inquiry.supply_request, 4_150, AT + HOUR)
    update_inquiries(AT + 3 * HOUR)
    inquiry.refresh_from_db()
    assert "7,300" in inquiry.body


# --- offers and checks without an inquiry -----------------------------------------------------------------------
def change_mails(story: Story) -> list[str]:
    mails = Message.objects.filter(template__in=("need_changed", "inquiry_changed")).order_by("pk")
    return [f"{mail.template} {mail.recipient.name}" for mail in mails]


def test_contacts_with_an_offer_or_check_but_no_inquiry_are_mailed_each_change_once(story):
    line = story.line(7_300)
    lead = submitted_offer(story, line=line, contact=story.contact)
    request_check(open_checks(lead, by=story.officer.by, at=AT)[0], story.checker, by=story.officer.by, at=AT)
    change_quantity(story, line.supply_request, 4_150, AT + HOUR)
    change_quantity(story, line.supply_request, 4_000, AT + HOUR + timedelta(minutes=59))
    run_tick(AT + HOUR + timedelta(minutes=59))
    assert change_mails(story) == []
    for hours in (2, 3, 4):
        run_tick(AT + hours * HOUR)
    people = {lead.contact.user.name, story.checker.user.name}
    assert set(change_mails(story)) == {f"need_changed {name}" for name in people}
    assert len(change_mails(story)) == len(people)
    body = Message.objects.filter(template="need_changed").first().body
    for words in ("7,300", "4,150", "4,000", "Half was found."):
        assert words in body


def test_contact_with_an_inquiry_gets_no_second_email_about_the_change(story):
    inquiry = answered_inquiry(story)
    change_quantity(story, inquiry.supply_request, 4_150, AT + 2 * HOUR)
    for hours in (1, 2, 3, 4, 10):
        run_tick(AT + hours * HOUR)
    assert "need_changed" not in str(change_mails(story))
