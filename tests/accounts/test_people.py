"""Actions on people, and their journal entries."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError

from accounts.actions.links import revoke_all_links
from accounts.actions.people import (
    PersonEdit,
    add_person,
    change_email,
    deactivate,
    edit_person,
    mark_bounced,
    resume_mail,
    set_password,
    stop_mail,
)
from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import User
from tests.accounts.conftest import PASSWORD, issue, signed_in, with_password
from tests.worlds.cities import NOW, REAL_NOW
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


def verbs(thing) -> list[str]:
    return [entry.verb for entry in history_of(thing)]


def test_person_added_without_password_cannot_sign_in():
    user = add_person(email=" Li.Wei@Office.Example ", name=" Li Wei ", by=CONSOLE_ACTOR, at=NOW)
    assert (user.email, user.name, user.get_full_name(), user.get_short_name()) == (
        "li.wei@office.example",
        "Li Wei",
        "Li Wei",
        "Li Wei",
    )
    assert user.created_at == NOW
    assert not user.has_usable_password()
    assert verbs(user) == ["add"]
    assert "password" in history_of(user).get().after
    assert history_of(user).get().after["password"] == entries.HIDDEN_VALUE_MASK


def test_email_address_already_registered_in_other_case_is_refused(person):
    with pytest.raises(Refused, match="already registered"):
        add_person(email=person.email.upper(), name="Another", by=CONSOLE_ACTOR, at=NOW)


def test_database_refuses_email_address_with_capitals():
    with pytest.raises(IntegrityError, match="user_email_in_lower_case"):
        User.objects.create(email="Upper@Case.example", name="Upper", created_at=NOW)


def test_person_is_found_by_email_address_in_any_case(person):
    assert User.objects.get_by_natural_key(person.email.upper()) == person


def test_person_without_name_is_shown_by_email_address():
    assert str(User(email="a@b.example")) == "a@b.example"


def test_password_is_set_once_and_verifies_email_address(person):
    set_password(person, PASSWORD, by=SelfActor(person), at=NOW)
    assert authenticate(None, email=person.email, password=PASSWORD) == person
    assert EmailAddress.objects.get(user=person).verified
    assert verbs(person)[0] == "set_password"
    assert PASSWORD not in str(history_of(person).values_list("before", "after", "facts"))
    with pytest.raises(Refused, match="already have an account"):
        set_password(person, PASSWORD, by=SelfActor(person), at=NOW)


def test_edit_of_person_is_journaled_with_before_and_after_only_if_changed(person):
    edit_person(person, PersonEdit(language="en"), by=SelfActor(person), at=NOW)
    entry = history_of(person)[0]
    assert (entry.verb, entry.before, entry.after) == ("edit", {"language": "zh-hans"}, {"language": "en"})
    edit_person(person, PersonEdit(language="en"), by=SelfActor(person), at=NOW)
    assert verbs(person) == ["edit", "add"]


def test_new_email_address_revokes_links_sent_to_old_one(person, real_time):
    link = issue(person).link
    mark_bounced(person, by=CONSOLE_ACTOR, at=NOW, reason="550 no such user")
    changed = change_email(person, "New@Office.example", by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)
    link.refresh_from_db()
    assert (changed.email, changed.bounced_at) == ("new@office.example", None)
    assert link.revoked_at == REAL_NOW


def test_email_address_of_other_person_is_refused(person, officer):
    with pytest.raises(Refused, match="already registered"):
        change_email(person, officer.email, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)


def test_person_signs_in_with_changed_email_address(observer):
    change_email(observer, "moved@city.example", by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)
    assert authenticate(None, email="moved@city.example", password=PASSWORD) == observer


def test_bounced_mail_is_recorded_only_first_time(person):
    mark_bounced(person, by=CONSOLE_ACTOR, at=NOW, reason="550")
    mark_bounced(person, by=CONSOLE_ACTOR, at=NOW + timedelta(days=1), reason="550 again")
    assert person.bounced_at == NOW
    assert not person.can_receive_mail
    assert verbs(person) == ["bounce", "add"]


def test_unsubscribed_person_gets_mail_again_after_resubscribing(person):
    assert person.can_receive_mail
    stop_mail(person, by=SelfActor(person, "link"), at=NOW)
    assert not person.can_receive_mail
    resume_mail(person, by=SelfActor(person, "link"), at=NOW)
    resume_mail(person, by=SelfActor(person, "link"), at=NOW)
    assert person.can_receive_mail
    assert verbs(person) == ["resume_mail", "stop_mail", "add"]


def test_deactivated_person_loses_sessions_links_and_tokens(officer, observer, real_time):
    browser = signed_in(observer)
    link = issue(observer).link
    token = issue_token(
        observer, name="script", scopes=["read"], days=30, by=SelfActor(observer), at=NOW, real_at=REAL_NOW
    ).token
    deactivate(observer, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW, reason="left the city")
    link.refresh_from_db()
    token.refresh_from_db()
    assert link.revoked_at == token.revoked_at == REAL_NOW
    assert not token.is_usable(REAL_NOW)
    assert browser.get("/account/").status_code == 302
    assert authenticate(None, email=observer.email, password=PASSWORD) is None
    assert verbs(observer)[0] == "shut_out"
    with pytest.raises(Refused, match="access has been removed"):
        issue(observer)


def test_deactivating_person_requires_reason_and_cannot_be_done_to_oneself(officer):
    with pytest.raises(Refused, match="Enter a reason"):
        deactivate(officer, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW, reason=" ")
    with pytest.raises(Refused, match="cannot remove your own access"):
        deactivate(officer, by=SelfActor(officer), at=NOW, real_at=REAL_NOW, reason="tired")


def test_first_superuser_of_real_site_is_created_from_console(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="First@City.example", name="First", interactive=False, verbosity=0)
    first = User.objects.get(email="first@city.example")
    assert first.is_superuser
    assert abs(first.created_at - real_now()) < timedelta(minutes=1)
    assert EmailAddress.objects.get(user=first).verified


def test_self_and_console_actors_have_no_city_permissions(person):
    oneself = SelfActor(person, "link")
    assert (oneself.user_id, oneself.label, oneself.via) == (person.pk, "Wang Fang", "link")
    assert not oneself.may("see", person)
    assert CONSOLE_ACTOR.may("manage_people", person)
    assert CONSOLE_ACTOR.user_id is None


def test_revoking_links_after_their_expiry_changes_nothing(person, real_time):
    link = issue(person).link
    with_password(person)
    assert revoke_all_links(person, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW + timedelta(days=8)) == 0
    link.refresh_from_db()
    assert link.revoked_at is None
