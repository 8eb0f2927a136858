"""Tests of the consent of a partner city to an inquiry, given by a contact of that city with a link.

A partner city with an officer who can agree is asked through that officer.
"""

import csv
from datetime import timedelta

import pytest

from accounts.actions.links import issue_link, record_link_opened
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.contacts.actions import opt_out
from partners.contacts.models import Contact
from procurement.dashboard.views import todo_items
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.inquiries import (
    ask_partner_city,
    draft_inquiry,
    give_consent,
    refuse_consent,
)
from procurement.outreach.actions.periodic import allow_other_contacts
from procurement.outreach.actions.reminders import cancel_inquiry, remind_contact
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.requests.actions.requests import RequestEdit, edit_request, reconfirm_request
from procurement.tasks import run_tick
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import button_text, open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.clock import real_now
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
REASON = "has no procurement officer or contact in Twinlane who could agree"


def draft_inquiry_through(story, consenting_contact: str = "zhongshan") -> Inquiry:
    return draft_inquiry(
        story.line().supply_request, cities.contact("foshan", "He Min"), through_city=cities.city(consenting_contact), subject="s",
        body="b", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


@pytest.fixture
def consenting_contact(story):
    """Return a contact of the partner city who acts by link alone and reads Chinese."""
    person = cities.contact("zhongshan", "Sun Yi")
    person.user.language = "zh-hans"
    person.user.save()
    return person


@pytest.fixture
def inquiry_awaiting_consent(story, consenting_contact) -> Inquiry:
    return ask_partner_city(draft_inquiry_through(story), by=story.officer.by, at=AT)


def mails_about(thing, verb: str) -> list[Message]:
    entry = Entry.objects.filter(thing_label="procurement.inquiry", thing_id=thing.pk, verb=verb).latest("pk")
    return build_messages(entry, entry.at)


@pytest.mark.parametrize("between", ["zhongshan", "wuhan"])
@pytest.mark.parametrize("role", [None, "administrator", "observer"])
def test_consent_request_is_refused_when_no_one_in_the_partner_city_can_agree(story, between, role):
    question = draft_inquiry_through(story, between)
    if role is not None:
        cities.member(role, cities.city(between))
    with assert_refused("not_ready", question) as no:
        ask_partner_city(question, by=story.officer.by, at=AT)
    assert REASON in str(no.value.message)
    answer = Program(story.officer.user).ask("post", f"inquiries/{question.reference}/ask-partner/")
    assert answer.status_code in (409, 422)
    assert REASON in answer.content.decode()


def test_consent_request_goes_to_a_partner_city_with_an_officer_who_can_agree(story):
    question = draft_inquiry_through(story, "zhongshan")
    person = cities.member("officer", cities.city("zhongshan"))
    ask_partner_city(question, by=story.officer.by, at=AT)
    assert question.introducer is None
    assert question.due_at > AT
    give_consent(question, by=powers_for(person), at=AT)
    assert question.status == "sent"


def stop_all_email(contact: Contact, question: Inquiry) -> None:
    User.objects.filter(pk=contact.user_id).update(stopped_at=AT)


def bounce_email(contact: Contact, question: Inquiry) -> None:
    User.objects.filter(pk=contact.user_id).update(bounced_at=AT)


def make_recipient_of_inquiry(contact: Contact, question: Inquiry) -> None:
    Contact.objects.filter(pk=contact.pk).update(user=question.contact.user)


def stop_email_of_asking_city(contact: Contact, question: Inquiry) -> None:
    Contact.objects.filter(pk=contact.pk).update(stopped_for=[question.city_id])


@pytest.mark.parametrize(
    "exclude_contact", [stop_all_email, bounce_email, make_recipient_of_inquiry, stop_email_of_asking_city]
)
def test_consent_request_is_refused_when_no_other_reachable_contact_can_consent(
    story, consenting_contact, exclude_contact
):
    question = draft_inquiry_through(story)
    exclude_contact(consenting_contact, question)
    with assert_refused("not_ready", question) as no:
        ask_partner_city(question, by=story.officer.by, at=AT)
    assert REASON in str(no.value.message)


def test_partner_city_contact_gets_the_consent_request_in_their_language_with_a_due_time(
    story, inquiry_awaiting_consent, consenting_contact
):
    (mail,) = mails_about(inquiry_awaiting_consent, "ask_partner")
    assert (mail.recipient, mail.language) == (consenting_contact.user, "zh-hans")
    assert "He Min" in mail.body
    assert "UTC+8" in mail.body
    assert mail.link == {"purpose": "answer"}
    assert inquiry_awaiting_consent.next_reminder_at is not None


@pytest.mark.parametrize(("tied", "stopped"), [(True, False), (True, True), (False, False)])
def test_inquiry_page_shows_the_consenting_contacts_phone_only_if_the_api_does(
    story, inquiry_awaiting_consent, consenting_contact, tied, stopped
):
    consenting_contact.phone = "+86 760 1234"
    consenting_contact.save()
    if tied:
        cities.twinning(story.city, consenting_contact.city)
    if stopped:
        opt_out(consenting_contact, by=own_link(consenting_contact), at=AT)
    read = Program(story.officer.user).ask("get", f"contacts/{consenting_contact.pk}/")
    assert ("+86 760 1234" in read.content.decode()) is (tied and not stopped)
    page = Browser(story.officer.user).open(inquiry_awaiting_consent)
    assert ("+86 760 1234" in page) is (tied and not stopped)


def test_partner_city_contact_agrees_by_link_and_the_inquiry_is_sent(
    inquiry_awaiting_consent, consenting_contact
):
    page = open_link_page_of(consenting_contact.user, inquiry_awaiting_consent)
    after = page.press(button_text("Agree", "zh-hans"))
    assert after.status == 200
    inquiry_awaiting_consent.refresh_from_db()
    assert (inquiry_awaiting_consent.status, inquiry_awaiting_consent.reminder_count) == ("sent", 0)
    assert inquiry_awaiting_consent.due_at > inquiry_awaiting_consent.sent_at
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="consent").get()
    assert (entry.by, entry.via) == (consenting_contact.user, "link")
    assert {mail.recipient for mail in mails_about(inquiry_awaiting_consent, "consent")} == {
        inquiry_awaiting_consent.contact.user,
        inquiry_awaiting_consent.author,
    }
    assert (
        button_text("Agree", "zh-hans")
        not in open_link_page_of(consenting_contact.user, inquiry_awaiting_consent).buttons
    )


def test_partner_city_contact_declines_by_link_and_the_asking_city_is_notified(
    inquiry_awaiting_consent, consenting_contact
):
    page = open_link_page_of(consenting_contact.user, inquiry_awaiting_consent).follow(
        button_text("Decline", "zh-hans")
    )
    page.press(button_text("Tell the city", "zh-hans"), remark="我们不熟。")
    inquiry_awaiting_consent.refresh_from_db()
    assert (inquiry_awaiting_consent.status, inquiry_awaiting_consent.next_reminder_at) == (
        "consent_declined",
        None,
    )
    assert [mail.recipient for mail in mails_about(inquiry_awaiting_consent, "refuse")] == [
        inquiry_awaiting_consent.author
    ]


def test_consent_by_the_link_of_another_contact_is_refused(inquiry_awaiting_consent, consenting_contact):
    other = cities.contact("zhongshan", "Another One")
    by = powers_by_link_to(other, inquiry_awaiting_consent)
    for act in (give_consent, refuse_consent):
        with assert_refused("not_allowed", inquiry_awaiting_consent):
            act(inquiry_awaiting_consent, by=by, at=AT)
    by = powers_by_link_to(consenting_contact, inquiry_awaiting_consent)
    for act in (decline_inquiry, cancel_inquiry, remind_contact):
        with assert_refused("not_allowed", inquiry_awaiting_consent):
            act(inquiry_awaiting_consent, by=by, at=AT)
    asked = powers_by_link_to(inquiry_awaiting_consent.contact, inquiry_awaiting_consent)
    with assert_refused("not_allowed", inquiry_awaiting_consent):
        give_consent(inquiry_awaiting_consent, by=asked, at=AT)


def test_unanswered_consent_request_is_reminded_reported_and_finally_cancelled(
    story, inquiry_awaiting_consent, consenting_contact
):
    need = inquiry_awaiting_consent.supply_request
    edit_request(
        need,
        RequestEdit(needed_by=(AT + timedelta(days=80)).date()),
        by=story.officer.by,
        at=AT,
        reason="Half was found.",
    )
    reconfirm_request(need, until=(AT + timedelta(days=70)).date(), by=story.officer.by, at=AT)
    rows, at = [], AT
    for _hours in range(24 * 5):
        at += timedelta(hours=6)
        run_tick(at)
        inquiry_awaiting_consent.refresh_from_db()
        if inquiry_awaiting_consent.status == "awaiting_consent":
            rows.append(
                inquiry_awaiting_consent.reference
                in [row.reference for row in todo_items(story.officer.by, at)]
            )
        elif len(rows) < _hours - 20:  # after a weekend, in their morning
            break
    about = Entry.objects.filter(
        thing_label="procurement.inquiry", thing_id=inquiry_awaiting_consent.pk
    ).order_by("pk")
    verbs = list(about.values_list("verb", flat=True))
    assert inquiry_awaiting_consent.status == "cancelled"
    assert verbs.count("remind") == MAX_REMINDERS
    assert verbs.count("allow_alternates") == 1
    assert verbs[-1] == "give_up"
    assert rows[-1], "the silence stood on Today"
    assert not rows[0]
    told = Message.objects.filter(
        thing_id=inquiry_awaiting_consent.pk, thing_label="procurement.inquiry", state="sent"
    )
    assert (
        told.filter(recipient=consenting_contact.user, template="consent_reminder").count() == MAX_REMINDERS
    )
    assert told.filter(recipient=consenting_contact.user, template="consent_not_needed").count() == 1
    assert told.filter(recipient=inquiry_awaiting_consent.author).count() == 3, "one of them asks for a call"


def test_asking_city_can_remind_copy_a_link_or_cancel_a_consent_request(
    story, inquiry_awaiting_consent, consenting_contact
):
    officer = Browser(story.officer.user)
    inbox = officer.open(f"{inquiry_awaiting_consent.supply_request.get_absolute_url()}inbox/")
    assert "Zhongshan is asked first" in inbox
    assert "Remind Sun Yi" in inbox
    inbox.press("Send a reminder")
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.reminder_count == 1
    (mail,) = mails_about(inquiry_awaiting_consent, "remind")
    assert mail.recipient == consenting_contact.user
    assert f"{consenting_contact} · Zhongshan" in inbox
    copied = officer.open(f"{inquiry_awaiting_consent.supply_request.get_absolute_url()}inbox/").press(
        "Copy for WeChat"
    )
    assert "/l/" in copied.text
    (heading,) = copied.main.xpath(".//p[@class='sub']")
    assert " ".join(heading.text_content().split()) == f"{consenting_contact} · Zhongshan"
    officer.open(inquiry_awaiting_consent).press("Withdraw inquiry")
    inquiry_awaiting_consent.refresh_from_db()
    assert (inquiry_awaiting_consent.status, inquiry_awaiting_consent.next_reminder_at) == ("cancelled", None)
    assert [mail.template for mail in mails_about(inquiry_awaiting_consent, "cancel")] == [
        "consent_not_needed"
    ]


def test_opening_by_the_partner_city_contact_is_not_shown_as_opened_by_the_asked_contact(
    story, inquiry_awaiting_consent, consenting_contact
):
    asked = inquiry_awaiting_consent.contact
    real_at = real_now()

    def opens(person, at):
        made = issue_link(
            person.user, purpose="answer", thing_label="procurement.inquiry", thing_id=inquiry_awaiting_consent.pk,
            by=CONSOLE_ACTOR, at=at, real_at=real_at,
        )  # fmt: skip
        record_link_opened(made.link, at=at, real_at=real_at + timedelta(minutes=1))

    officer = Browser(story.officer.user)
    inbox = f"{inquiry_awaiting_consent.supply_request.get_absolute_url()}inbox/"

    def shown() -> tuple[str, str]:
        (cell,) = officer.open(inbox).main.xpath(".//td[@data-label='Link opened']")
        sheet = b"".join(officer.client.get(f"{inbox}?as=csv").streaming_content).decode()
        (row,) = csv.DictReader(sheet.lstrip("\ufeff").splitlines())
        return cell.text_content().strip(), row["Link opened"]

    opens(consenting_contact, AT + timedelta(hours=1))
    assert shown() == ("–", "")
    opens(asked, AT + timedelta(hours=3))
    page, file = shown()
    assert page != "–"
    assert file


def test_custom_reminder_of_a_consent_request_is_sent_as_written(
    story, inquiry_awaiting_consent, consenting_contact
):
    page = Browser(story.officer.user).open(f"/inbox/{inquiry_awaiting_consent.reference}/words/")
    assert "He Min" in page.value("body")
    page.press(
        "Send a reminder", subject="盼复", body="孙老师：盼复。", body_own="Dear Ms Sun, please answer."
    )
    (mail,) = mails_about(inquiry_awaiting_consent, "remind")
    assert (mail.recipient, mail.subject) == (consenting_contact.user, "盼复")
    assert "孙老师：盼复。" in mail.body
    assert "Dear Ms Sun, please answer." in mail.body


def test_officer_is_told_at_once_when_the_consenting_contact_cannot_be_reached(
    story, inquiry_awaiting_consent, consenting_contact
):
    consenting_contact.user.bounced_at = AT
    consenting_contact.user.save()
    allow_other_contacts(AT + timedelta(hours=1))
    inquiry_awaiting_consent.refresh_from_db()
    assert inquiry_awaiting_consent.alternates_allowed_from is not None
    assert [mail.recipient for mail in mails_about(inquiry_awaiting_consent, "allow_alternates")] == [
        inquiry_awaiting_consent.author
    ]
    assert "has not said whether" in Browser(story.officer.user).open(inquiry_awaiting_consent)


def test_consent_request_is_listed_on_the_contacts_own_page_and_opens_from_there(
    inquiry_awaiting_consent, consenting_contact
):
    page = open_link_page_of(consenting_contact.user, consenting_contact, "my-page")
    assert button_text("Review request", "zh-hans") in page.buttons
    opened = page.browser.client.post(
        f"/me/{consenting_contact.pk}/open/{inquiry_awaiting_consent.reference}/"
    )
    assert opened["Location"] == f"/i/{inquiry_awaiting_consent.reference}/"
    assert button_text("Agree", "zh-hans") in page.browser.open(opened["Location"]).buttons


def test_api_inquiry_through_a_partner_city_follows_the_rules_of_the_page(story, consenting_contact):
    cities.twinning("richmond", "zhongshan")
    cities.twinning("zhongshan", "foshan")
    far, need = cities.contact("foshan", "He Min"), story.line().supply_request
    program = Program(story.officer.user)
    facts = {"supply_request": need.reference, "contact": far.pk, "through_city": None}
    made = program.post("inquiries/", body=facts | {"chosen_because": "She knows masks."})
    assert made["through_city"] == "zhongshan"
    assert program.ask("post", f"inquiries/{made['reference']}/send/").status_code in (409, 422)
    data = program.post(f"inquiries/{made['reference']}/ask-partner/")
    assert data["status"] == "awaiting_consent"
    assert data["due_at"]


def test_api_client_cannot_reach_a_hidden_contact_through_a_partner_city(story, consenting_contact):
    cities.twinning("richmond", "zhongshan")
    cities.twinning("zhongshan", "foshan")
    hidden, need = cities.contact("foshan", "Ma Li"), story.line().supply_request
    hidden.stopped_for = [story.city.pk]  # so she is not suggested to this city
    hidden.save()
    asked = Program(story.officer.user).ask(
        "post",
        "inquiries/",
        body={"supply_request": need.reference, "contact": hidden.pk, "chosen_because": "She knows."},
    )
    assert asked.status_code == 422
    assert "does not exist, or you cannot see it" in asked.content.decode()
    assert not Inquiry.objects.filter(contact=hidden).exists()


def test_consent_link_of_a_cancelled_inquiry_gets_410(inquiry_awaiting_consent, consenting_contact):
    cancel_inquiry(inquiry_awaiting_consent, by=SYSTEM, at=AT)
    assert open_link_page_of(consenting_contact.user, inquiry_awaiting_consent, press=False).status == 410


def test_introduction_by_the_partner_city_contact_is_shown_above_the_letter(
    story, inquiry_awaiting_consent, consenting_contact
):
    page = open_link_page_of(
        inquiry_awaiting_consent.introducer.user, inquiry_awaiting_consent, language="en"
    )
    after = page.press("Agree", introduction="She is an old friend of our office.")
    assert "You do not need to do anything more." in after
    inquiry_awaiting_consent.refresh_from_db()
    assert (inquiry_awaiting_consent.status, inquiry_awaiting_consent.introduction_text) == (
        "sent",
        "She is an old friend of our office.",
    )
    entry = Entry.objects.get(verb="consent")
    mail = next(one for one in build_messages(entry, AT) if one.template == "inquiry")
    assert mail.body.split("\n\n")[0].endswith("She is an old friend of our office.")
    assert "She is an old friend of our office." in open_link_page_of(
        inquiry_awaiting_consent.contact.user, inquiry_awaiting_consent, language="en"
    )


def test_blank_introduction_adds_nothing_above_the_letter(
    story, inquiry_awaiting_consent, consenting_contact
):
    give_consent(
        inquiry_awaiting_consent,
        introduction=" ",
        by=powers_by_link_to(inquiry_awaiting_consent.introducer, inquiry_awaiting_consent),
        at=AT,
    )
    mail = next(
        one for one in build_messages(Entry.objects.get(verb="consent"), AT) if one.template == "inquiry"
    )
    assert "writes:" not in mail.body


def test_phone_call_to_the_partner_city_contact_is_a_task_on_today_after_three_reminders(
    story, inquiry_awaiting_consent, consenting_contact
):
    rows = {row.reference: str(row.sentence) for row in todo_items(story.officer.by, AT)}
    assert inquiry_awaiting_consent.reference not in rows
    for count in range(MAX_REMINDERS):
        remind_contact(inquiry_awaiting_consent, by=SYSTEM, at=AT + timedelta(days=count + 1))
    entry = Entry.objects.filter(verb="remind").latest("pk")
    assert [one.recipient for one in build_messages(entry, entry.at) if "Phone" in one.body] == [
        story.officer.user
    ]
    rows = [
        str(row.sentence)
        for row in todo_items(story.officer.by, AT)
        if row.reference == inquiry_awaiting_consent.reference
    ]
    assert len(rows) == 1
    assert str(inquiry_awaiting_consent.introducer) in rows[0]
    assert "Phone" in rows[0]
