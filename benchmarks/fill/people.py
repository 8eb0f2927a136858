"""People who send requests: an officer of every Canadian city in the city register.

Each has a token, a session and a second factor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import ApiToken, User
from accounts.sessions import SessionStore
from accounts.tokens import new_api_token, token_digest
from benchmarks.fill.bulk_copy import advance_sequences, copy_rows, next_id
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.memberships.models import Membership
from procurement.suppliers.models.suppliers import Supplier

LANGUAGES = ("en", "fr-ca", "zh-hans")
CSRF_SECRET = "benchmark" * 3 + "benchm"[:5]  # as long as Django's own CSRF secret
CONTACTS, SUPPLIERS = 200, 5_000


@dataclass(frozen=True)
class Person:
    """An officer who sends requests, with their city, token and session."""

    user: User
    city: City
    token: str
    session_key: str

    @property
    def api_headers(self) -> Mapping[str, str]:
        """Headers of an API request in the person's name."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": self.user.language}

    @property
    def page_headers(self) -> Mapping[str, str]:
        """Headers of a page request by the person's browser."""
        names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
        cookies = f"{names[0]}={self.session_key}; {names[1]}={CSRF_SECRET}"
        return {"Cookie": cookies, "Accept-Encoding": "gzip, deflate, br"}


def create_people(at: datetime) -> list[Person]:
    """Create the officers, and contacts and suppliers abroad. The database must hold none yet."""
    cities = list(City.objects.filter(country="CA").order_by("pk"))
    first = next_id(User)
    copy_rows(User, (_user(first + number, city.name_en, at, number) for number, city in enumerate(cities)))
    users = list(User.objects.filter(pk__gte=first).order_by("pk"))
    pairs = list(zip(users, cities, strict=True))
    copy_rows(Membership, _rows({"status": "active", "created_at": at, "role": "officer"}, pairs))
    copy_rows(Authenticator, _rows({"type": "totp", "created_at": at, "data": {"secret": ""}}, pairs))
    created = [new_api_token() for _user in users]
    facts = {"name": "benchmark", "scopes": ["read", "write"], "created_at": at, "last_used_at": at}
    copy_rows(
        ApiToken,
        (
            {"id": number, "user_id": user.pk, "prefix": token.prefix, "digest": token_digest(token.value)}
            | facts
            | {"expires_at": at + timedelta(days=30)}
            for number, (user, token) in enumerate(zip(users, created, strict=True), next_id(ApiToken))
        ),
    )
    advance_sequences(User, Membership, ApiToken, Authenticator)
    _contacts(at)
    _suppliers(users[0], at)
    return [
        Person(user, city, token.value, _session(user, at))
        for (user, city), token in zip(pairs, created, strict=True)
    ]


def _user(pk: int, name: str, at: datetime, number: int) -> dict[str, Any]:
    language = LANGUAGES[number % len(LANGUAGES)]
    facts = {"email": f"person{pk}@benchmark.example", "name": f"Officer of {name}", "language": language}
    return {"id": pk, "password": "!", "created_at": at, "time_zone": "America/Vancouver", **facts}


def _rows(facts: dict[str, Any], pairs: list[tuple[User, City]]) -> Any:
    return (
        {"id": number, "user_id": user.pk, "city_id": city.pk, **facts}
        for number, (user, city) in enumerate(pairs, 1)
    )


def _session(user: User, at: datetime) -> str:
    """Return the key of a session as sign-in creates it. Its first page detects the second factor."""
    now = at.timestamp()
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "began": now,
            "seen": now,
        }
    )
    session.create()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="192.0.2.1", user_agent="bench")
    return str(session.session_key)


def _contacts(at: datetime) -> None:
    """Create contacts in Chinese cities, a few in each."""
    abroad = list(City.objects.filter(country="CN").order_by("pk").values_list("pk", flat=True))
    copy_rows(
        Organization,
        (
            {"id": pk, "city_id": city, "kind": "foreign_affairs_office", "name_en": f"Office {pk}"}
            for pk, city in enumerate(abroad, next_id(Organization))
        ),
    )
    offices = list(Organization.objects.filter(city__country="CN").order_by("pk"))
    first = next_id(User)
    copy_rows(User, (_user(first + number, "abroad", at, number) for number in range(CONTACTS)))
    copy_rows(
        Contact,
        (
            {
                "id": number + 1,
                "status": "active",
                "created_at": at,
                "consent_at": at,
                "user_id": first + number,
                "organization_id": offices[number % len(offices)].pk,
                "city_id": offices[number % len(offices)].city_id,
                "languages": ["zh-hans"],
            }
            for number in range(CONTACTS)
        ),
    )
    advance_sequences(User, Organization, Contact)


def _suppliers(entered_by: User, at: datetime) -> None:
    """Create suppliers in China."""
    copy_rows(
        Supplier,
        (
            {
                "id": pk,
                "status": "listed",
                "created_at": at,
                "reference": f"SU-{at.year}-{pk:04d}",
                "legal_name_local": f"示例防护用品第{pk}厂",
                "name_en": f"Example Protection Works {pk}",
                "country": "CN",
                "role": "maker",
                "entered_by_id": entered_by.pk,
                "name_key": f"示例防护用品第{pk}厂",
                "name_en_key": f"exampleprotectionworks{pk}",
            }
            for pk in range(1, SUPPLIERS + 1)
        ),
    )
    advance_sequences(Supplier)
