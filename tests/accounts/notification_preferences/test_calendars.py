"""The address of a person's calendar, which is shown only once.

A person has one address at a time. It ends when its owner withdraws it or is deactivated.
"""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.calendar_feeds import create_feed, record_feed_read, withdraw_feed
from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import CalendarFeed
from accounts.tokens import token_matches
from tests.accounts.conftest import signed_in
from tests.worlds.cities import NOW, REAL_NOW
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
PAGE = "/account/calendar/"


def create_calendar_address(user, **facts):
    return create_feed(user, **{"by": SelfActor(user), "at": NOW, "real_at": REAL_NOW, **facts})


def token_of(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".ics")


class TestCreation:
    def test_calendar_address_is_stored_as_digest_and_journaled_without_token(self, observer):
        made = create_calendar_address(observer)
        assert token_matches(token_of(made.url), made.feed.digest)
        entry = history_of(made.feed).get(verb="issue")
        assert token_of(made.url) not in f"{entry.facts}{entry.after}{entry.before}"
        assert made.feed.expires_at == REAL_NOW + timedelta(days=366)

    def test_new_calendar_address_withdraws_previous_one(self, observer):
        first, second = create_calendar_address(observer).feed, create_calendar_address(observer).feed
        first.refresh_from_db()
        assert first.withdrawn_at == REAL_NOW
        assert second.is_usable(REAL_NOW)
        assert not first.is_usable(REAL_NOW)
        assert not second.is_usable(REAL_NOW + timedelta(days=366))

    def test_person_can_create_and_withdraw_own_calendar_address_only(self, observer, officer):
        with pytest.raises(Refused, match="your own calendar"):
            create_calendar_address(observer, by=SelfActor(officer))
        with pytest.raises(Refused, match="your own calendar"):
            withdraw_feed(observer, by=SelfActor(officer), at=NOW, real_at=REAL_NOW)

    def test_deactivated_person_loses_calendar_address_and_cannot_create_one(self, observer):
        feed = create_calendar_address(observer).feed
        deactivate(observer, reason="left", by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)
        feed.refresh_from_db()
        assert feed.withdrawn_at
        with pytest.raises(Refused):
            create_calendar_address(observer)

    def test_withdrawing_calendar_address_twice_is_journaled_once(self, observer):
        feed = create_calendar_address(observer).feed
        ends = {"by": SelfActor(observer), "at": NOW, "real_at": REAL_NOW}
        assert withdraw_feed(observer, **ends)
        assert not withdraw_feed(observer, **ends)
        assert history_of(feed).filter(verb="revoke").count() == 1

    def test_calendar_reading_is_recorded_at_most_once_an_hour(self, observer):
        feed = create_calendar_address(observer).feed
        for minutes in (0, 30, 61):
            feed.refresh_from_db()
            record_feed_read(feed, REAL_NOW + timedelta(minutes=minutes))
        feed.refresh_from_db()
        assert feed.last_read_at == REAL_NOW + timedelta(minutes=61)
        assert str(feed) == f"calendar of {observer.pk}"


class TestPage:
    def test_calendar_address_is_created_shown_once_and_withdrawn_on_page(self, observer, real_time):
        client = signed_in(observer)
        assert "You do not have a link yet." in client.get(PAGE).content.decode()
        made = client.post(PAGE)
        url = made.context["url"]
        assert url in made.content.decode()
        assert "no-store" in made["Cache-Control"]
        later = client.get(PAGE).content.decode()
        assert token_of(url) not in later
        assert "Not read yet." in later
        assert "Generate new link" in later
        record_feed_read(CalendarFeed.objects.get(), REAL_NOW)
        assert "Last read" in client.get(PAGE).content.decode()
        ended = client.post(f"{PAGE}withdraw/", follow=True).content.decode()
        assert "Calendar apps can no longer use it." in ended
        assert client.post(f"{PAGE}withdraw/")["Location"] == PAGE

    def test_expired_calendar_address_says_when_it_expired(self, observer, real_time):
        create_calendar_address(observer)
        real_time(timedelta(days=400))
        assert "Your link expired on" in signed_in(observer).get(PAGE).content.decode()

    def test_account_page_links_to_calendar_page_and_visitor_is_sent_to_sign_in(self, observer):
        assert PAGE in signed_in(observer).get("/account/").content.decode()
        assert Client().get(PAGE)["Location"].startswith("/accounts/login/?next=")
