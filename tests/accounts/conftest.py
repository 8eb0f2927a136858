"""Fixtures for the tests of accounts: people, links and signed-in clients, made by actions."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from accounts.actions.links import IssuedLink, issue_link
from accounts.actions.people import set_password
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.hooks import link_pages
from accounts.models import User
from tests.accounts import linked_pages
from tests.hooks import replaced_hook
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role
from workflow.clock import clear_instance_cache, create_instance, real_now

PASSWORD = "four-small-words-here"


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 password hasher at a low cost, so that signing in does not slow the tests."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture(autouse=True, scope="module")
def links_to_test_object() -> Iterator[None]:
    """Register linked_pages.py as the target of links, and use a quick password hasher.

    The scope is the module, because each change of ROOT_URLCONF builds the URL resolver again.
    """
    with (
        replaced_hook(link_pages, {linked_pages.LINKED_OBJECT: linked_pages.describe}),
        override_settings(
            PASSWORD_HASHERS=["tests.accounts.conftest.QuickArgon2"],
            ROOT_URLCONF="tests.accounts.linked_pages",
        ),
    ):
        yield


@pytest.fixture
def real_time(time_machine):
    """Stop the real clock at REAL_NOW; return a function that moves it forward."""
    time_machine.move_to(REAL_NOW, tick=False)
    return time_machine.shift


@pytest.fixture
def person(db) -> User:
    """Return a person without a password."""
    return cities.user("Wang Fang", language="zh-hans", time_zone="Asia/Shanghai")


@pytest.fixture
def officer(db) -> User:
    """Return an officer of Burnaby who can sign in."""
    return with_password(cities.member(Role.OFFICER, cities.city("burnaby")))


@pytest.fixture
def observer(db) -> User:
    """Return an observer of Burnaby who can sign in; observers cannot write and need no second factor."""
    return with_password(cities.member(Role.OBSERVER, cities.city("burnaby")))


@pytest.fixture
def practice_instance(db) -> Iterator[None]:
    """Make this a practice instance whose clock is at NOW."""
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


def with_password(user: User) -> User:
    """Set PASSWORD as the password of this person, so that they can sign in; return them."""
    set_password(user, PASSWORD, by=SelfActor(user), at=NOW)
    return user


def signed_in(user: User) -> Client:
    """Return a client in which this person has signed in with their password."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def issue(user: User, thing_id: int = 1, **facts) -> IssuedLink:
    """Issue a link to answer about the object with this number."""
    given = {
        "purpose": "answer",
        "thing_label": linked_pages.LINKED_OBJECT,
        "by": CONSOLE_ACTOR,
        "at": NOW,
        "real_at": real_now(),
    }
    return issue_link(user, thing_id=thing_id, **{**given, **facts})


def path_of(url: str) -> str:
    """Return the path of a URL of this site."""
    return url.removeprefix("http://localhost:8000")
