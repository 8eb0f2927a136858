"""Clients for the pages of the register, signed in on a practice instance or by a contact's link.

A practice instance needs no second factor.
"""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.contacts.models import Contact
from partners.register_import.places import resolution
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import find_sample_places
from workflow.clock import clear_instance_cache, create_instance, real_now


@pytest.fixture(autouse=True)
def small_world(request, monkeypatch):
    """Use a small gazetteer, except in the tests of the real one, because that takes seconds to read."""
    if "test_gazetteer" not in request.module.__name__:
        monkeypatch.setattr(resolution, "find_places", find_sample_places)


@pytest.fixture
def practice(db) -> Iterator[None]:
    """Make this a practice instance whose clock is at NOW."""
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


@pytest.fixture
def signed_in(practice) -> Callable[..., Client]:
    """Return a function that opens a session: `signed_in("officer", city)` or `signed_in(person)`."""

    def open_session(who: User | str, city=None) -> Client:
        person = who if isinstance(who, User) else cities.member(who, city)
        client = Client()
        client.force_login(person)
        return client

    return open_session


@pytest.fixture
def by_link(practice) -> Callable[[Contact], Client]:
    """Return a function that presses Continue on the link to a contact's own page."""

    def press(contact: Contact) -> Client:
        issued = issue_link(
            contact.user,
            purpose="my-page",
            thing_label="partners.contact",
            thing_id=contact.pk,
            by=CONSOLE_ACTOR,
            at=NOW,
            real_at=real_now(),
        )
        client = Client()
        address = issued.url.removeprefix("http://localhost:8000")
        assert client.post(address).status_code == 303
        return client

    return press


@pytest.fixture
def two_cities():
    return cities.city("burnaby"), cities.city("zhongshan")


@pytest.fixture
def burnaby():
    return cities.city("burnaby")
