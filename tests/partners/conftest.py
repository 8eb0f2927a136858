"""Clients for the register's pages: signed in on a practice instance, which asks for no second factor, or come by link."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.actions import links
from accounts.actors import CONSOLE
from accounts.models import User
from partners.exchange.wizard.places import gazetteer
from partners.models.people import Contact
from tests import world
from tests.partners.imports.bringing import find_few
from tests.world import NOW
from workflow import clock
from workflow.clock import create_instance, real_now


@pytest.fixture(autouse=True)
def small_world(request, monkeypatch):
    """A gazetteer that is read at once, but where the real one is looked at."""
    if "test_gazetteer" not in request.module.__name__:
        monkeypatch.setattr(gazetteer, "find", find_few)


@pytest.fixture
def practice(db) -> Iterator[None]:
    """A practice instance that stands at NOW."""
    create_instance("practice", NOW)
    yield
    clock.forget()


@pytest.fixture
def signed_in(practice) -> Callable[..., Client]:
    """`signed_in("officer", city)` or `signed_in(person)`: a browser with an open session."""

    def open_session(who: User | str, city=None) -> Client:
        person = who if isinstance(who, User) else world.member(who, city)
        client = Client()
        client.force_login(person)
        return client

    return open_session


@pytest.fixture
def by_link(practice) -> Callable[[Contact], Client]:
    """A browser in which a contact pressed Continue on the link to their own page."""

    def press(contact: Contact) -> Client:
        issued = links.issue(
            contact.user,
            purpose="my-page",
            thing_label="partners.contact",
            thing_id=contact.pk,
            by=CONSOLE,
            at=NOW,
            real_at=real_now(),
        )
        client = Client()
        address = issued.url.removeprefix("http://localhost:8000")
        assert client.post(address).status_code == 303
        return client

    return press


@pytest.fixture
def two():
    return world.city("burnaby"), world.city("zhongshan")


# --- the shipped register ---
