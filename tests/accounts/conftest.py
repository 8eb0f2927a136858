"""People, links and clients of the accounts' tests, made by actions only."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from accounts.actions import links, people
from accounts.actions.links import IssuedLink
from accounts.actors import CONSOLE, Oneself
from accounts.models import User
from tests import world
from tests.accounts import pages
from tests.world import NOW, REAL_NOW
from workflow import clock

PASSWORD = "four-small-words-here"


class QuickArgon2(Argon2PasswordHasher):
    """The same hash with little work, so that a test that signs in is not slow."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture(autouse=True, scope="module")
def rooms_above() -> Iterator[None]:
    """Links lead to the thing of pages.py; passwords are hashed quickly. Once for a file: other addresses are put together anew."""
    with override_settings(
        PASSWORD_HASHERS=["tests.accounts.conftest.QuickArgon2"],
        LINK_PAGES={pages.THING: "tests.accounts.pages.describe"},
        ROOT_URLCONF="tests.accounts.pages",
    ):
        yield


@pytest.fixture
def real_time(time_machine):
    """The real clock stands at REAL_NOW; call it to move it on."""
    time_machine.move_to(REAL_NOW, tick=False)
    return time_machine.shift


@pytest.fixture
def person(db) -> User:
    """Somebody without a password."""
    return world.user("Wang Fang", language="zh-hans", time_zone="Asia/Shanghai")


@pytest.fixture
def officer(db) -> User:
    """An officer of Burnaby who can sign in."""
    return with_password(world.member(world.Role.OFFICER, world.city("burnaby")))


@pytest.fixture
def observer(db) -> User:
    """An observer of Burnaby who can sign in; they change nothing, so they need no second factor."""
    return with_password(world.member(world.Role.OBSERVER, world.city("burnaby")))


@pytest.fixture
def practice(db) -> Iterator[None]:
    """A practice instance that stands at NOW."""
    clock.create_instance("practice", NOW)
    yield
    clock.forget()


def with_password(user: User) -> User:
    """Let a person sign in with PASSWORD."""
    people.set_password(user, PASSWORD, by=Oneself(user), at=NOW)
    return user


def signed_in(user: User) -> Client:
    """A browser in which this person signed in with their password."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def issue(user: User, thing_id: int = 1, **facts) -> IssuedLink:
    """A link to answer about the thing with this number."""
    given = {
        "purpose": "answer",
        "thing_label": pages.THING,
        "by": CONSOLE,
        "at": NOW,
        "real_at": clock.real_now(),
    }
    return links.issue(user, thing_id=thing_id, **{**given, **facts})


def path_of(url: str) -> str:
    """The path of an address of ours."""
    return url.removeprefix("http://localhost:8000")
