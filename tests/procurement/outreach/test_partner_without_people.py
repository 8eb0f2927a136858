"""Tests of an inquiry through a partner city where an officer or a contact could agree.

A contact agrees by link.
"""

import csv
from datetime import timedelta

import pytest

from accounts.actions.links import issue_link, record_open
from accounts.actors import CONSOLE
from partners.contacts.actions import opt_out
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
from tests.procurement.portal.by_link import pressed_by, said
from tests.procurement.refusals import refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM
from workflow.clock import clear_cache, create_instance, real_now
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
REASON = "has no procurement officer or contact here who could agree"


@pytest.fixture
def story(db):
    clear_cache()
    create_instance("practice", AT)
    yield Story("richmond")
    clear_cache()


def through(story, between: str = "zhongshan") -> Inquiry:
    return draft_inquiry(
        story.line().supply_request, cities.contact("foshan", "He Min"), through_city=cities.city(between), subject="s",
        body="b", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


@pytest.fixture
def between(story):
    """Return a contact of the partner city who acts by link alone and reads Chinese."""
    person = cities.contact("zhongshan", "Sun Yi")
    person.user.language = "zh-hans"
    person.user.save()
    return person


@pytest.fixture
def waits(story, between) -> Inquiry:
    return ask_partner_city(through(story), by=story.officer.by, at=AT)


def mails(thing, verb: str) -> list[Message]:
    entry = Entry.objects.filter(thing_label="procurement.inquiry", thing_id=thing.pk, verb=verb).latest("pk")
    return build_messages(entry, entry.at)


@pytest.mark.parametrize("between", ["zhongshan", "wuhan"])
@pytest.mark.parametrize("role", [None, "administrator", "observer"])
def test_consent_request_is_refused_when_no_one_in_the_partner_city_can_agree(story, between, role):
    question = through(story, between)
    if role is not None:
        cities.member(role, cities.city(between))
    with refused("not_ready", question) as no:
        ask_partner_city(question, by=story.officer.by, at=AT)
    assert REASON in str(no.value.message)
    answer = Program(story.officer.user).ask("post", f"inquiries/{question.reference}/ask-partner/")
    assert answer.status_code in (409, 422)
    assert REASON in answer.content.decode()


def test_consent_request_goes_to_a_partner_city_with_an_officer_who_can_agree(story):
    question = through(story, "zhongshan")
    person = cities.member("officer", cities.city("zhongshan"))
    ask_partner_city(question, by=story.officer.by, at=AT)
    assert question.introducer is None
    assert question.due_at > AT
    give_consent(question, by=powers_for(person), at=AT)
    assert question.status == "sent"


@pytest.mark.parametrize("why", ["stopped", "bounced", "of the question", "stopped for this city"])
def test_consent_request_is_refused_when_the_only_contact_cannot_be_written_to(story, between, why):
    question = through(story)
    if why == "stopped":
        between.user.stopped_at = AT
    elif why == "bounced":
        between.user.bounced_at = AT
    elif why == "of the question":
        between.user_id = question.contact.user_id
    else:
        between.stopped_for = [story.city.pk]
    between.user.save()
    between.save()
    with refused("not_ready", question) as no:
        ask_partner_city(question, by=story.officer.by, at=AT)
    assert REASON in str(no.value.message)


def test_partner_city_contact_gets_the_consent_request_in_their_language_with_a_due_time(
    story, waits, between
):
    (mail,) = mails(waits, "ask_partner")
    assert (mail.recipient, mail.language) == (between.user, "zh-hans")
    assert "He Min" in mail.body
    assert "UTC+8" in mail.body
    assert mail.link == {"purpose": "answer"}
    assert waits.next_reminder_at is not None


@pytest.mark.parametrize(("tied", "stopped"), [(True, False), (True, True), (False, False)])
def test_inquiry_page_shows_the_consenting_contacts_phone_only_if_the_api_does(
    story, waits, between, tied, stopped
):
    between.phone = "+86 760 1234"
    between.save()
    if tied:
        cities.twinning(story.city, between.city)
    if stopped:
        opt_out(between, by=own_link(between), at=AT)
    read = Program(story.officer.user).ask("get", f"contacts/{between.pk}/")
    assert ("+86 760 1234" in read.content.decode()) is (tied and not stopped)
    page = Browser(story.officer.user).open(waits)
    assert ("+86 760 1234" in page) is (tied and not stopped)


def test_partner_city_contact_agrees_by_link_and_the_inquiry_is_sent(waits, between):
    page = pressed_by(between.user, waits)
    after = page.press(said("Agree", "zh-hans"))
    assert after.status == 200
    waits.refresh_from_db()
    assert (waits.status, waits.reminder_count) == ("sent", 0)
    assert waits.due_at > waits.sent_at
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="consent").get()
    assert (entry.by, entry.via) == (between.user, "link")
    assert {mail.recipient for mail in mails(waits, "consent")} == {
        waits.contact.user,
        waits.author,
    }
    assert said("Agree", "zh-hans") not in pressed_by(between.user, waits).buttons


def test_partner_city_contact_declines_by_link_and_the_asking_city_is_notified(waits, between):
    page = pressed_by(between.user, waits).follow(said("Decline", "zh-hans"))
    page.press(said("Tell the city", "zh-hans"), remark="我们不熟。")
    waits.refresh_from_db()
    assert (waits.status, waits.next_reminder_at) == ("consent_declined", None)
    assert [mail.recipient for mail in mails(waits, "refuse")] == [waits.author]


def test_consent_by_the_link_of_another_contact_is_refused(waits, between):
    other = cities.contact("zhongshan", "Another One")
    by = powers_by_link_to(other, waits)
    for act in (give_consent, refuse_consent):
        with refused("not_allowed", waits):
            act(waits, by=by, at=AT)
    by = powers_by_link_to(between, waits)
    for act in (decline_inquiry, cancel_inquiry, remind_contact):
        with refused("not_allowed", waits):
            act(waits, by=by, at=AT)
    asked = powers_by_link_to(waits.contact, waits)
    with refused("not_allowed", waits):
        give_consent(waits, by=asked, at=AT)


def test_unanswered_consent_request_is_reminded_reported_and_finally_cancelled(story, waits, between):
    need = waits.supply_request
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
        waits.refresh_from_db()
        if waits.status == "awaiting_consent":
            rows.append(waits.reference in [row.reference for row in todo_items(story.officer.by, at)])
        elif len(rows) < _hours - 20:  # after a weekend, in their morning
            break
    about = Entry.objects.filter(thing_label="procurement.inquiry", thing_id=waits.pk).order_by("pk")
    verbs = list(about.values_list("verb", flat=True))
    assert waits.status == "cancelled"
    assert verbs.count("remind") == MAX_REMINDERS
    assert verbs.count("allow_alternates") == 1
    assert verbs[-1] == "give_up"
    assert rows[-1], "the silence stood on Today"
    assert not rows[0]
    told = Message.objects.filter(thing_id=waits.pk, thing_label="procurement.inquiry", state="sent")
    assert told.filter(recipient=between.user, template="consent_reminder").count() == MAX_REMINDERS
    assert told.filter(recipient=between.user, template="consent_not_needed").count() == 1
    assert told.filter(recipient=waits.author).count() == 3, "one of them asks for a call"


def test_asking_city_can_remind_copy_a_link_or_cancel_a_consent_request(story, waits, between):
    officer = Browser(story.officer.user)
    inbox = officer.open(f"{waits.supply_request.get_absolute_url()}inbox/")
    assert "Zhongshan is asked first" in inbox
    assert "Remind Sun Yi" in inbox
    inbox.press("Send a reminder")
    waits.refresh_from_db()
    assert waits.reminder_count == 1
    (mail,) = mails(waits, "remind")
    assert mail.recipient == between.user
    assert f"{between} · Zhongshan" in inbox
    copied = officer.open(f"{waits.supply_request.get_absolute_url()}inbox/").press("Copy for WeChat")
    assert "/l/" in copied.text
    (heading,) = copied.main.xpath(".//p[@class='sub']")
    assert " ".join(heading.text_content().split()) == f"{between} · Zhongshan"
    officer.open(waits).press("Withdraw inquiry")
    waits.refresh_from_db()
    assert (waits.status, waits.next_reminder_at) == ("cancelled", None)
    assert [mail.template for mail in mails(waits, "cancel")] == ["consent_not_needed"]


def test_opening_by_the_partner_city_contact_is_not_shown_as_opened_by_the_asked_contact(
    story, waits, between
):
    asked = waits.contact
    real_at = real_now()

    def opens(person, at):
        made = issue_link(
            person.user, purpose="answer", thing_label="procurement.inquiry", thing_id=waits.pk,
            by=CONSOLE, at=at, real_at=real_at,
        )  # fmt: skip
        record_open(made.link, at=at, real_at=real_at + timedelta(minutes=1))

    officer = Browser(story.officer.user)
    inbox = f"{waits.supply_request.get_absolute_url()}inbox/"

    def shown() -> tuple[str, str]:
        (cell,) = officer.open(inbox).main.xpath(".//td[@data-label='Link opened']")
        sheet = b"".join(officer.client.get(f"{inbox}?as=csv").streaming_content).decode()
        (row,) = csv.DictReader(sheet.lstrip("\ufeff").splitlines())
        return cell.text_content().strip(), row["Link opened"]

    opens(between, AT + timedelta(hours=1))
    assert shown() == ("–", "")
    opens(asked, AT + timedelta(hours=3))
    page, file = shown()
    assert page != "–"
    assert file


def test_custom_reminder_of_a_consent_request_is_sent_as_written(story, waits, between):
    page = Browser(story.officer.user).open(f"/inbox/{waits.reference}/words/")
    assert "He Min" in page.value("body")
    page.press(
        "Send a reminder", subject="盼复", body="孙老师：盼复。", body_own="Dear Ms Sun, please answer."
    )
    (mail,) = mails(waits, "remind")
    assert (mail.recipient, mail.subject) == (between.user, "盼复")
    assert "孙老师：盼复。" in mail.body
    assert "Dear Ms Sun, please answer." in mail.body


def test_officer_is_told_at_once_when_the_consenting_contact_cannot_be_reached(story, waits, between):
    between.user.bounced_at = AT
    between.user.save()
    allow_other_contacts(AT + timedelta(hours=1))
    waits.refresh_from_db()
    assert waits.alternates_allowed_from is not None
    assert [mail.recipient for mail in mails(waits, "allow_alternates")] == [waits.author]
    assert "has not said whether" in Browser(story.officer.user).open(waits)


def test_consent_request_is_listed_on_the_contacts_own_page_and_opens_from_there(waits, between):
    page = pressed_by(between.user, between, "my-page")
    assert said("Review request", "zh-hans") in page.buttons
    opened = page.browser.client.post(f"/me/{between.pk}/open/{waits.reference}/")
    assert opened["Location"] == f"/i/{waits.reference}/"
    assert said("Agree", "zh-hans") in page.browser.open(opened["Location"]).buttons


def test_api_inquiry_through_a_partner_city_follows_the_rules_of_the_page(story, between):
    cities.twinning("richmond", "zhongshan")
    cities.twinning("zhongshan", "foshan")
    far, need = cities.contact("foshan", "He Min"), story.line().supply_request
    program = Program(story.officer.user)
    facts = {"supply_request": need.reference, "contact": far.pk, "through_city": None}
    made = program.post("inquiries/", body=facts | {"chosen_because": "She knows masks."})
    assert made["through_city"] == "zhongshan"
    assert program.ask("post", f"inquiries/{made['reference']}/send/").status_code in (409, 422)
    asked = program.post(f"inquiries/{made['reference']}/ask-partner/")
    assert asked["status"] == "awaiting_consent"
    assert asked["due_at"]


def test_api_client_cannot_reach_a_hidden_contact_through_a_partner_city(story, between):
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


def test_consent_link_of_a_cancelled_inquiry_gets_410(waits, between):
    cancel_inquiry(waits, by=SYSTEM, at=AT)
    assert pressed_by(between.user, waits, press=False).status == 410


def test_introduction_by_the_partner_city_contact_is_shown_above_the_letter(story, waits, between):
    page = pressed_by(waits.introducer.user, waits, language="en")
    after = page.press("Agree", introduction="She is an old friend of our office.")
    assert "You do not need to do anything more here." in after
    waits.refresh_from_db()
    assert (waits.status, waits.introduction_text) == ("sent", "She is an old friend of our office.")
    entry = Entry.objects.get(verb="consent")
    mail = next(one for one in build_messages(entry, AT) if one.template == "inquiry")
    assert mail.body.split("\n\n")[0].endswith("She is an old friend of our office.")
    assert "She is an old friend of our office." in pressed_by(waits.contact.user, waits, language="en")


def test_blank_introduction_adds_nothing_above_the_letter(story, waits, between):
    give_consent(waits, introduction=" ", by=powers_by_link_to(waits.introducer, waits), at=AT)
    mail = next(
        one for one in build_messages(Entry.objects.get(verb="consent"), AT) if one.template == "inquiry"
    )
    assert "writes:" not in mail.body


def test_phone_call_to_the_partner_city_contact_is_a_task_on_today_after_three_reminders(
    story, waits, between
):
    rows = {row.reference: str(row.what) for row in todo_items(story.officer.by, AT)}
    assert waits.reference not in rows
    for count in range(MAX_REMINDERS):
        remind_contact(waits, by=SYSTEM, at=AT + timedelta(days=count + 1))
    entry = Entry.objects.filter(verb="remind").latest("pk")
    assert [one.recipient for one in build_messages(entry, entry.at) if "Phone" in one.body] == [
        story.officer.user
    ]
    rows = [str(row.what) for row in todo_items(story.officer.by, AT) if row.reference == waits.reference]
    assert len(rows) == 1
    assert str(waits.introducer) in rows[0]
    assert "Phone" in rows[0]
