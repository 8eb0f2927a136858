"""The length of a session, the language and time zone of its pages, and the list of sessions."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.actions.people import deactivate
from accounts.actions.sessions import end_all_sessions
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import User
from accounts.sessions import SessionStore, practice_offset, session_user
from tests.accounts.conftest import signed_in, with_password
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import cache_clock_offset, now, real_now
from workflow.installation_models import Instance
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_session_ends_after_one_hour_without_use(observer, real_time):
    client = signed_in(observer)
    real_time(59 * MINUTE)
    assert is_signed_in(client)
    real_time(59 * MINUTE)
    assert is_signed_in(client)
    real_time(60 * MINUTE)
    assert not is_signed_in(client)


def test_session_ends_after_twelve_hours_of_use(observer, real_time):
    client = signed_in(observer)
    for _ in range(23):
        real_time(30 * MINUTE)
        assert is_signed_in(client)
    real_time(30 * MINUTE)
    assert not is_signed_in(client)


def test_session_last_use_is_written_at_most_once_a_minute(observer, real_time):
    client = signed_in(observer)
    client.get("/account/tokens/")
    last = UserSession.objects.get().last_seen_at
    real_time(timedelta(seconds=59))
    client.get("/account/tokens/")
    assert UserSession.objects.get().last_seen_at == last
    real_time(timedelta(seconds=1))
    client.get("/account/tokens/")
    assert UserSession.objects.get().last_seen_at == last + MINUTE


def test_session_user_and_practice_time_are_read_in_one_query(
    observer, practice_instance, django_assert_num_queries
):
    store = SessionStore(signed_in(observer).session.session_key)
    with django_assert_num_queries(1):
        assert session_user(store) == observer
    assert practice_offset(store) == Instance.objects.get().offset
    with cache_clock_offset(practice_offset(store)), django_assert_num_queries(0):
        now()


def test_session_missing_from_session_list_still_signs_in(observer):
    client = signed_in(observer)
    UserSession.objects.all().delete()
    assert is_signed_in(client)


def test_session_list_entry_without_session_signs_no_one_in(observer, person):
    client = signed_in(observer)
    UserSession.objects.update(user=with_password(person))
    assert client.get("/account/").wsgi_request.user == observer
    Session.objects.all().delete()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "another"}], ids=["deactivated", "another password"]
)
def test_session_ends_when_user_is_changed_elsewhere(observer, change):
    client = signed_in(observer)
    User.objects.filter(pk=observer.pk).update(**change)
    assert not is_signed_in(client)


def test_expired_session_signs_no_one_in(observer, real_time):
    client = signed_in(observer)
    Session.objects.update(expire_date=real_now())
    assert not is_signed_in(client)


def test_page_uses_language_and_time_zone_of_user(person, real_time):
    with_password(person)
    client = signed_in(person)
    answer = client.get("/accounts/sessions/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in answer.content.decode()
    assert "17:00" in answer.content.decode()  # REAL_NOW is 09:00 UTC


def test_visitor_gets_language_of_browser(db):
    assert (
        Client().get("/accounts/login/", headers={"accept-language": "fr-CA"})["Content-Language"] == "fr-ca"
    )


def test_visitor_switches_language_and_redirect_stays_on_site(db):
    client = Client()
    answer = client.post("/language/", {"language": "zh-hans", "next": "/accounts/login/?next=/x/"})
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/login/?next=/x/")
    assert client.get("/accounts/login/")["Content-Language"] == "zh-hans"
    assert (
        client.post("/language/", {"language": "fr-ca", "next": "https://evil.example/"})["Location"] == "/"
    )


def test_language_switch_of_signed_in_user_is_saved(observer):
    client = signed_in(observer)
    client.post("/language/", {"language": "fr-ca", "next": "/account/"})
    observer.refresh_from_db()
    assert observer.language == "fr-ca"
    assert history_of(observer)[0].after == {"language": "fr-ca"}
    assert signed_in(observer).get("/account/")["Content-Language"] == "fr-ca"


def test_unknown_language_or_theme_changes_nothing(observer):
    client = signed_in(observer)
    answers = [client.post("/language/", {"language": "xx"}), client.post("/theme/", {"theme": "pink"})]
    assert [answer["Location"] for answer in answers] == ["/", "/"]
    assert not {"language", "theme"} & set(client.cookies)


def test_theme_is_stored_in_cookie(db):
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/accounts/login/"})
    assert client.cookies["theme"].value == "dark"
    assert 'data-bs-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_user_lists_and_ends_own_sessions(observer):
    here, there = signed_in(observer), signed_in(observer)
    page = here.get("/accounts/sessions/")
    assert "Current session" in page.content.decode()
    other = UserSession.objects.exclude(session_key=here.session.session_key).get()
    assert here.post(f"/accounts/sessions/{other.pk}/end/")["Location"] == "/accounts/sessions/"
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert history_of(observer)[0].facts == {"sessions": 1}


def test_user_ends_all_other_sessions_at_once(observer):
    here, *others = [signed_in(observer) for _ in range(3)]
    here.post("/accounts/sessions/")
    assert not any(is_signed_in(other) for other in others)
    assert is_signed_in(here)
    assert history_of(observer)[0].facts == {"sessions": 2}
    here.post("/accounts/sessions/")
    assert history_of(observer).filter(verb="end_sessions").count() == 1


def test_user_cannot_end_session_of_other_user(observer, person):
    there = signed_in(with_password(person))
    theirs = UserSession.objects.get()
    signed_in(observer).post(f"/accounts/sessions/{theirs.pk}/end/")
    assert is_signed_in(there)
    assert end_all_sessions(observer, by=SelfActor(observer), at=NOW, keep=None) == 1


def test_account_settings_are_saved_and_apply_at_once(observer):
    client = signed_in(observer)
    facts = {"name": "Marie Roy", "language": "fr-ca", "time_zone": "America/Toronto"}
    answer = client.post("/account/", facts, follow=True)
    observer.refresh_from_db()
    assert (observer.name, observer.time_zone) == ("Marie Roy", "America/Toronto")
    assert answer["Content-Language"] == "fr-ca"


def test_invalid_account_settings_are_422_with_error_summary(observer):
    answer = signed_in(observer).post(
        "/account/", {"name": "", "language": "en", "time_zone": "Mars/Olympus"}
    )
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    observer.refresh_from_db()
    assert observer.name


def test_account_page_tells_officer_without_second_factor_that_changes_are_blocked(officer):
    assert "Until then, you cannot change anything" in signed_in(officer).get("/account/").content.decode()


def test_deactivated_user_is_signed_out_and_told_account_is_closed(observer):
    client = signed_in(observer)
    deactivate(observer, by=CONSOLE_ACTOR, at=NOW, real_at=NOW, reason="left")
    assert not is_signed_in(client)
    assert (
        "closed"
        in client.post(
            "/accounts/login/", {"login": observer.email, "password": "four-small-words-here"}, follow=True
        ).content.decode()
    )


def test_user_without_any_city_role_can_sign_in(person):
    assert is_signed_in(signed_in(with_password(cities.user("Nobody"))))
