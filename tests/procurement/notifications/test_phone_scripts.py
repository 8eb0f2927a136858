"""Tests of the script for a phone call after three reminders: caller, number, hour there, and text.

The text is in the caller's language.
"""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import ContactEdit, correct_contact
from procurement.leads.models.leads import SupplierLead
from procurement.notifications import audiences
from procurement.notifications.builder import build_messages
from procurement.notifications.phone_scripts import name_pronunciation, phone_script
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.outreach.actions.reminders import remind_contact
from procurement.verification.actions.assignment import send_reminders
from tests.worlds import checks
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.journal.entries import history_of


@pytest.fixture
def unanswered_inquiry(story, inquiry):
    edit_person(story.contact.user, PersonEdit(time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT)
    correct_contact(
        story.contact,
        ContactEdit(phone="+86 760 8831 0000", title="Section chief"),
        by=own_link(story.contact),
        at=AT,
    )
    inquiry.refresh_from_db()
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    for number in range(3):
        remind_contact(inquiry, by=SYSTEM, at=AT + timedelta(days=number))
    inquiry.refresh_from_db()
    return inquiry


def test_phone_script_has_caller_number_better_hour_and_text(story, unanswered_inquiry):
    call = phone_script(unanswered_inquiry, AT)  # midnight there, on a Friday
    assert call.caller == story.officer.user.name
    assert (call.phone, call.title) == ("+86 760 8831 0000", "Section chief")
    assert call.local_time == "17 Apr 2020, 00:00 (UTC+8)"
    assert call.better_call_time == "17 Apr 2020, 08:00 (UTC+8); 17 April 2020, 00:00 your time"
    text = " ".join(call.lines)
    assert text.startswith("Good morning.")
    assert story.officer.user.name in text
    assert "Burnaby" in text
    assert unanswered_inquiry.supply_request.title in text
    assert phone_script(unanswered_inquiry, AT + timedelta(hours=15)).better_call_time == ""
    assert phone_script(unanswered_inquiry, AT + timedelta(hours=15)).lines[0].startswith("Good afternoon.")


def test_phone_script_for_a_check_names_author_of_the_offer_and_supplier_without_phone(story):
    task = checks.requested_check(story)
    call = phone_script(task, AT)
    assert call.caller == task.lead.author.name
    assert task.supplier.name in " ".join(call.lines)
    assert call.phone == ""


@pytest.mark.parametrize("language", ["fr-ca", "zh-hans"])
def test_phone_script_is_in_the_callers_language(unanswered_inquiry, language):
    with translation.override("en"):
        english = phone_script(unanswered_inquiry, AT).lines
    with translation.override(language):
        assert not set(phone_script(unanswered_inquiry, AT).lines) & set(english)


@pytest.mark.parametrize(
    ("name", "order", "read"),
    [
        ("Li Wei", "family_first", "Li Wei (family name first: Li)"),
        ("李伟 Li Wei", "family_first", "Li Wei (family name first: Li)"),
        ("李伟", "family_first", "The pronunciation of this name is not on record. Ask how to say it."),
        ("李伟 DEMO", "family_first", "The pronunciation of this name is not on record. Ask how to say it."),
        ("Marie Roy", "given_first", "Marie Roy"),
        ("", "given_first", ""),
    ],
)
def test_name_pronunciation_is_taken_from_the_record_and_never_invented(story, name, order, read):
    story.contact.user.name, story.contact.name_order = name, order
    assert name_pronunciation(story.contact) == read


def test_email_asking_for_a_phone_call_contains_the_complete_script(story, unanswered_inquiry):
    entry = history_of(unanswered_inquiry).filter(verb="remind").first()
    (message,) = [one for one in build_messages(entry, AT + timedelta(days=2)) if one.template == "staff"]
    assert message.recipient == story.officer.user
    for part in ("+86 760 8831 0000", "Section chief", "UTC+8", "What to say:", "Am I speaking with Li Wei?"):
        assert part in message.body


def test_phone_script_greets_good_evening_when_working_hours_are_in_the_evening(story, unanswered_inquiry):
    correct_contact(
        story.contact,
        ContactEdit(working_from="18:30", working_until="20:00"),
        by=own_link(story.contact),
        at=AT,
    )
    unanswered_inquiry.refresh_from_db()
    assert phone_script(unanswered_inquiry, AT).lines[0].startswith("Good evening.")


def test_check_reminder_is_postponed_to_the_contacts_working_hours(story):
    task = checks.requested_check(story)
    night = task.next_reminder_at + timedelta(hours=15)
    assert send_reminders(night) == 1
    task.refresh_from_db()
    assert (task.reminder_count, task.next_reminder_at > night) == (0, True)


def test_call_about_an_offer_by_a_contact_goes_to_the_officer_who_asked(story, unanswered_inquiry):
    lead = SupplierLead(
        city=story.city,
        author=story.contact.user,
        contact=story.contact,
        inquiry=unanswered_inquiry,
        reference="SL",
    )
    assert audiences.responsible_officer(lead) == [story.officer.user]
    lead.inquiry = None
    assert story.officer.user in audiences.responsible_officer(lead)
    assert story.contact.user not in audiences.responsible_officer(lead)
    lead.author = story.second_officer.user
    assert audiences.responsible_officer(lead) == [story.second_officer.user]
