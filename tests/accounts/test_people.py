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
from accounts.actors import CONSOLE, SelfActor
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


def test_a_person_is_entered_without_a_password_and_cannot_sign_in():
    user = add_person(email=" Li.Wei@Office.Example ", name=" Li Wei ", by=CONSOLE, at=NOW)
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
    assert history_of(user).get().after["password"] == entries.HIDDEN


def test_an_address_is_someones_in_any_case(person):
    with pytest.raises(Refused, match="already registered"):
        add_person(email=person.email.upper(), name="Another", by=CONSOLE, at=NOW)


def test_the_database_keeps_addresses_in_lower_case():
    with pytest.raises(IntegrityError, match="user_email_in_lower_case"):
        User.objects.create(email="Upper@Case.example", name="Upper", created_at=NOW)


def test_a_person_is_found_by_their_address_in_any_case(person):
    assert User.objects.get_by_natural_key(person.email.upper()) == person


def test_a_person_without_a_name_is_shown_by_address():
    assert str(User(email="a@b.example")) == "a@b.example"


def test_a_password_is_set_once_and_proves_the_address(person):
    set_password(person, PASSWORD, by=SelfActor(person), at=NOW)
    assert authenticate(None, email=person.email, password=PASSWORD) == person
    assert EmailAddress.objects.get(user=person).verified
    assert verbs(person)[0] == "set_password"
    assert PASSWORD not in str(history_of(person).values_list("before", "after", "facts"))
    with pytest.raises(Refused, match="already have an account"):
        set_password(person, PASSWORD, by=SelfActor(person), at=NOW)


def test_an_edit_is_recorded_with_before_and_after_and_not_when_nothing_changed(person):
    edit_person(person, PersonEdit(language="en"), by=SelfActor(person), at=NOW)
    entry = history_of(person)[0]
    assert (entry.verb, entry.before, entry.after) == ("edit", {"language": "zh-hans"}, {"language": "en"})
    edit_person(person, PersonEdit(language="en"), by=SelfActor(person), at=NOW)
    assert verbs(person) == ["edit", "add"]


def test_a_new_address_ends_the_links_to_the_old_one(person, real_time):
    link = issue(person).link
    mark_bounced(person, by=CONSOLE, at=NOW, reason="550 no such user")
    changed = change_email(person, "New@Office.example", by=CONSOLE, at=NOW, real_at=REAL_NOW)
    link.refresh_from_db()
    assert (changed.email, changed.bounced_at) == ("new@office.example", None)
    assert link.revoked_at == REAL_NOW


def test_no_one_takes_the_address_of_someone_else(person, officer):
    with pytest.raises(Refused, match="already registered"):
        change_email(person, officer.email, by=CONSOLE, at=NOW, real_at=REAL_NOW)


def test_a_changed_address_is_the_one_to_sign_in_with(observer):
    change_email(observer, "moved@city.example", by=CONSOLE, at=NOW, real_at=REAL_NOW)
    assert authenticate(None, email="moved@city.example", password=PASSWORD) == observer


def test_mail_that_comes_back_is_noted_the_first_time_only(person):
    mark_bounced(person, by=CONSOLE, at=NOW, reason="550")
    mark_bounced(person, by=CONSOLE, at=NOW + timedelta(days=1), reason="550 again")
    assert person.bounced_at == NOW
    assert not person.can_receive_mail
    assert verbs(person) == ["bounce", "add"]


def test_who_asked_us_to_stop_is_written_to_again_when_they_say_so(person):
    assert person.can_receive_mail
    stop_mail(person, by=SelfActor(person, "link"), at=NOW)
    assert not person.can_receive_mail
    resume_mail(person, by=SelfActor(person, "link"), at=NOW)
    resume_mail(person, by=SelfActor(person, "link"), at=NOW)
    assert person.can_receive_mail
    assert verbs(person) == ["resume_mail", "stop_mail", "add"]


def test_who_is_shut_out_keeps_no_way_in(officer, observer, real_time):
    browser = signed_in(observer)
    link = issue(observer).link
    token = issue_token(
        observer, name="script", scopes=["read"], days=30, by=SelfActor(observer), at=NOW, real_at=REAL_NOW
    ).token
    deactivate(observer, by=CONSOLE, at=NOW, real_at=REAL_NOW, reason="left the city")
    link.refresh_from_db()
    token.refresh_from_db()
    assert link.revoked_at == token.revoked_at == REAL_NOW
    assert not token.usable(REAL_NOW)
    assert browser.get("/account/").status_code == 302
    assert authenticate(None, email=observer.email, password=PASSWORD) is None
    assert verbs(observer)[0] == "shut_out"
    with pytest.raises(Refused, match="access has been removed"):
        issue(observer)


def test_shutting_out_needs_a_reason_and_someone_else(officer):
    with pytest.raises(Refused, match="Enter a reason"):
        deactivate(officer, by=CONSOLE, at=NOW, real_at=REAL_NOW, reason=" ")
    with pytest.raises(Refused, match="cannot remove your own access"):
        deactivate(officer, by=SelfActor(officer), at=NOW, real_at=REAL_NOW, reason="tired")


def test_the_first_person_of_a_real_instance_comes_from_the_console(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="First@City.example", name="First", interactive=False, verbosity=0)
    first = User.objects.get(email="first@city.example")
    assert first.is_superuser
    assert abs(first.created_at - real_now()) < timedelta(minutes=1)
    assert EmailAddress.objects.get(user=first).verified


def test_actors_of_accounts_hold_no_city(person):
    oneself = SelfActor(person, "link")
    assert (oneself.user_id, oneself.label, oneself.via) == (person.pk, "Wang Fang", "link")
    assert not oneself.may("see", person)
    assert CONSOLE.may("manage_people", person)
    assert CONSOLE.user_id is None


def test_a_stopped_password_reset_leaves_links_alone(person, real_time):
    link = issue(person).link
    with_password(person)
    assert revoke_all_links(person, by=CONSOLE, at=NOW, real_at=REAL_NOW + timedelta(days=8)) == 0
    link.refresh_from_db()
    assert link.revoked_at is None
