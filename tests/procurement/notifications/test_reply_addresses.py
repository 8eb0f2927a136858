"""Tests of the Reply-To address of a mail, and of the person named at its foot as the one whom a reply reaches."""

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.people import deactivate, mark_bounced, set_password
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import ContactEdit, add_contact, correct_contact, suggest_change
from partners.memberships.actions import end_role, grant_role, invite_member
from procurement.notifications.builder import build_messages
from procurement.notifications.reply_addresses import _city_in_signature, reply_recipient
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.tasks import _render_message
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of


@pytest.fixture
def planned_inquiry_mail(story, inquiry):
    """Return the planned mail of an inquiry to a contact."""
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    (message,) = build_messages(history_of(inquiry).get(verb="send"), AT)
    return message


def test_reply_address_of_an_inquiry_is_the_officer_who_asked(story, planned_inquiry_mail):
    planned_inquiry_mail.language = "en"
    filled = _render_message(planned_inquiry_mail, AT)
    assert filled.reply_to == story.officer.user.email
    for known in (story.officer.user.name, story.officer.user.email, "Burnaby", "Canada"):
        assert known in filled.footer


@pytest.mark.parametrize(
    ("language", "country"), [("fr-ca", "Canada"), ("zh-hans", "加拿大"), ("en", "Canada")]
)
def test_email_footer_is_in_the_language_of_the_email(planned_inquiry_mail, language, country):
    planned_inquiry_mail.language = language
    foot = _render_message(planned_inquiry_mail, AT).footer
    assert country in foot
    assert ("Your reply" in foot) == (language == "en")


def test_email_footer_names_the_office_and_phone_of_the_city(story, planned_inquiry_mail):
    planned_inquiry_mail.language = "en"
    assert "Phone" not in _render_message(planned_inquiry_mail, AT).footer
    cities.organization(story.city, kind="municipality", name_en="City of Burnaby", phone="+1 604 294 7944")
    assert "City of Burnaby · Burnaby" in _render_message(planned_inquiry_mail, AT).footer
    assert "Phone: +1 604 294 7944" in _render_message(planned_inquiry_mail, AT).footer


def test_reply_address_is_another_officer_after_the_first_has_left(story, planned_inquiry_mail):
    second = story.second_officer.user
    deactivate(story.officer.user, reason="left", by=CONSOLE_ACTOR, at=AT, real_at=AT)
    filled = _render_message(planned_inquiry_mail, AT)
    assert filled.reply_to == second.email
    assert story.officer.user.email not in filled.footer


def test_reply_address_is_never_one_that_bounces(story, planned_inquiry_mail):
    mark_bounced(story.officer.user, by=CONSOLE_ACTOR, at=AT, reason="550")
    assert _render_message(planned_inquiry_mail, AT).reply_to != story.officer.user.email


def test_officer_is_not_given_their_own_address_for_replies(story, inquiry):
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    add_comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
    (message,) = build_messages(history_of(inquiry).get(verb="comment"), AT)
    assert message.recipient == story.officer.user
    assert _render_message(message, AT).reply_to != story.officer.user.email


def test_reply_address_is_never_the_recipient_when_no_officer_is_left(story, planned_inquiry_mail):
    for member in (story.officer, story.second_officer):
        deactivate(member.user, reason="left", by=CONSOLE_ACTOR, at=AT, real_at=AT)
    person = reply_recipient(planned_inquiry_mail.recipient, planned_inquiry_mail.recipient)
    assert person is None or person.pk != planned_inquiry_mail.recipient.pk


def test_reply_address_of_sign_in_mail_is_the_citys_administrator(story):
    keeper = cities.member("administrator", story.city)
    assert reply_recipient(story.officer.user, story.officer.user) == keeper


def mail_of(thing, verb: str, reader):
    entry = history_of(thing).filter(verb=verb).first()
    (message,) = [one for one in build_messages(entry, AT) if one.recipient == reader]
    message.language = "en"
    return _render_message(message, AT)


def test_reply_address_of_an_invitation_is_the_inviter(story):
    inviter = story.person("administrator")
    assert story.officer.user.email != inviter.user.email
    asked_in = invite_member(
        city=story.city,
        email="new@burnaby.example",
        name="New Hand",
        role="officer",
        by=inviter.by,
        at=AT,
        real_at=AT,
    )
    filled = mail_of(asked_in, "invite", asked_in.user)
    assert filled.reply_to == inviter.user.email
    assert "Burnaby" in filled.footer


def test_reply_address_of_a_contact_invitation_is_the_inviter_in_the_other_city(story):
    cities.twinning(story.city, "zhongshan")
    cities.member("officer", cities.city("zhongshan"))  # invited no contact
    office, inviter = cities.organization("zhongshan"), story.second_officer
    made = add_contact(
        office, email="wang@zhongshan.example", name="Wang Fang", by=powers_for(inviter.user), at=AT
    )
    filled = mail_of(made, "invite", made.user)
    assert filled.reply_to == inviter.user.email
    assert "Burnaby" in filled.footer
    assert "Zhongshan" not in filled.footer


def test_email_footer_names_the_city_for_which_the_person_invited(story):
    cities.twinning(story.city, "zhongshan")
    inviter = cities.member("officer", cities.city("oakville"))
    grant_role(inviter, role="officer", city=story.city, by=CONSOLE_ACTOR, at=AT)
    made = add_contact(
        cities.organization("zhongshan"),
        email="wang@zhongshan.example",
        name="Wang Fang",
        by=powers_for(inviter),
        at=AT,
    )
    filled = mail_of(made, "invite", made.user)
    assert filled.reply_to == inviter.email
    assert "Burnaby · British Columbia" in filled.footer
    assert "Ontario" not in filled.footer


def test_email_footer_falls_back_to_the_city_of_the_earliest_role(story, inquiry, planned_inquiry_mail):
    person = cities.member("administrator", story.city)
    for city, role in ((cities.city("oakville"), "officer"), (story.city, "officer")):
        grant_role(person, role=role, city=city, by=CONSOLE_ACTOR, at=AT)
    planned_inquiry_mail.city_id = cities.city("zhongshan").pk
    assert (
        _city_in_signature(person, inquiry, planned_inquiry_mail.city_id, planned_inquiry_mail.entry)
        == story.city
    )


def test_reply_address_of_an_invitation_is_a_colleague_after_the_inviter_left(story):
    cities.twinning(story.city, "zhongshan")
    office, inviter, other = cities.organization("zhongshan"), story.second_officer, story.officer
    made = add_contact(
        office, email="wang@zhongshan.example", name="Wang Fang", by=powers_for(inviter.user), at=AT
    )
    deactivate(inviter.user, reason="left", by=CONSOLE_ACTOR, at=AT, real_at=AT)
    assert mail_of(made, "invite", made.user).reply_to == other.user.email


class TestMailsAboutAnAccount:
    """Mails that django-allauth itself sends, for a new password or a new address."""

    def reset(self, user) -> mail.EmailMessage:
        set_password(user, "a long password of theirs", by=CONSOLE_ACTOR, at=AT)
        mail.outbox.clear()
        Client().post("/accounts/password/reset/", {"email": user.email})
        (sent,) = mail.outbox
        return sent

    def test_reply_address_of_password_reset_is_the_citys_administrator(self, story):
        administrator = story.person("administrator").user
        sent = self.reset(story.officer.user)
        assert sent.reply_to == [administrator.email]
        assert f"Reply-To: {administrator.email}".encode() in sent.message().as_bytes()

    def test_reply_address_of_password_reset_is_a_coordinator_without_an_administrator(self, story):
        coordinator = cities.member("coordinator")
        assert self.reset(story.officer.user).reply_to == [coordinator.email]

    def test_reply_address_of_an_administrators_password_reset_is_a_coordinator(self, story):
        alone = story.person("administrator").user
        coordinator = cities.member("coordinator")
        assert self.reset(alone).reply_to == [coordinator.email]

    def test_reply_address_of_password_reset_is_never_one_that_bounces(self, story):
        gone, here = story.person("administrator").user, story.person("administrator").user
        mark_bounced(gone, by=CONSOLE_ACTOR, at=AT, reason="550")
        assert self.reset(story.officer.user).reply_to == [here.email]

    def test_password_reset_has_no_reply_address_when_no_one_is_responsible(self, story):
        assert self.reset(story.officer.user).reply_to == []


def test_reply_address_for_contact_data_skips_people_who_left_the_city(story):
    keeper, other = (cities.member("administrator", story.contact.city) for _number in range(2))
    correct_contact(story.contact, ContactEdit(title="Director"), by=powers_for(keeper), at=AT)
    assert mail_of(story.contact, "correct", story.contact.user).reply_to == keeper.email
    (held,) = keeper.memberships.active()
    end_role(held, by=CONSOLE_ACTOR, at=AT)
    assert mail_of(story.contact, "correct", story.contact.user).reply_to == other.email


def test_reply_address_for_a_suggested_change_skips_people_who_left_the_city(story):
    cities.twinning("burnaby", story.contact.city)
    person = story.second_officer.user
    suggest_change(story.contact, by=powers_for(person), at=AT, reason="The title.")
    assert mail_of(story.contact, "suggest_change", story.contact.user).reply_to == person.email
    (held,) = person.memberships.active()
    end_role(held, by=CONSOLE_ACTOR, at=AT)
    grant_role(person, role="officer", city=cities.city("oakville"), by=CONSOLE_ACTOR, at=AT)
    assert mail_of(story.contact, "suggest_change", story.contact.user).reply_to != person.email


def test_reply_address_for_a_contacts_account_prefers_the_administrator_over_the_asking_officer(
    story, inquiry
):
    asker = inquiry.author
    keeper = cities.member("administrator", story.contact.city)
    assert asker.pk < keeper.pk
    assert reply_recipient(story.contact.user, story.contact.user) == keeper
