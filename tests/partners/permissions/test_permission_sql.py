"""The SQL statement that loads a person's permissions returns what the models and their rules return.

`grants_by_orm` reads the same with the ORM. Compared are all persons of a register with every kind of agreement, role,
contact and delegation, on many days and at the hours when cities of different time zones have different dates.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, product
from random import Random
from typing import Any

import pytest
from django.db import connection

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from benchmarks.request_optimizations import grants_by_orm
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.actions import end_role, grant_role
from partners.memberships.models import Delegation, Membership
from partners.partial_dates import Precision
from partners.permissions.permissions import ConfirmedPartners, Grants, load_grants
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_instance_cache, create_instance
from workflow.installation_models import Instance

pytestmark = pytest.mark.django_db
Role = Membership.Role

BEGINS, ENDS = date(2020, 2, 1), date(2020, 4, 30)
DATES = (None, BEGINS, NOW.date(), ENDS)
PLACES = (
    "burnaby",
    "ontario",
    "markham",
    "zhongshan",
    "nowhere",
)  # days begin at different hours; one has no zone
HOURS = (-9, 2, 6, 15, 17, 26, 30)  # from midnight UTC: the day has begun in none, one, ... of the zones


@pytest.fixture
def people_with_every_grant() -> Iterator[list[User]]:
    """Yield all persons of a register with every kind of grant."""
    create_instance("practice", NOW)
    places = [cities.city(key, **({"timezone": ""} if key == "nowhere" else {})) for key in PLACES]
    people = [cities.member(role, place) for role in Role for place in places[:2]]
    people += [cities.member(Role.OFFICER, place) for place in places[2:]]
    people += [cities.member(Role.COORDINATOR), cities.user("Without a role")]
    several = cities.member(Role.OBSERVER, places[0])
    grant_role(several, role=Role.APPROVER, city=places[1], by=CONSOLE_ACTOR, at=NOW)
    ended = cities.member(Role.OFFICER, places[0])
    end_role(ended.memberships.get(), by=CONSOLE_ACTOR, at=NOW)
    statuses = Contact.Status.values
    contacts = [
        cities.contact(PLACES[number % 5], name=f"Contact {number}") for number in range(len(statuses))
    ]
    for contact, status in zip(contacts, statuses, strict=True):
        Contact.objects.filter(pk=contact.pk).update(status=status)
    agreements()
    delegations([one for one in people if one.memberships.filter(city=places[0]).exists()], ended)
    yield [*people, several, ended, *(contact.user for contact in contacts)]
    clear_instance_cache()


def agreements() -> None:
    """Store an agreement of every status, confirmation, beginning and end, the home city on either side."""
    kinds = list(product(TwinningAgreement.Status.values, DATES, DATES, Precision.values))
    Random(1).shuffle(kinds)
    confirmed = cycle(((True, True, None), (True, False, None), (False, True, ENDS), (True, True, ENDS)))
    rows = []
    homes = [City.objects.get(slug=key) for key in PLACES]
    for number, (status, signed, expires, precision) in enumerate(kinds):
        there = City.objects.create(slug=f"partner-{number}", name_en="Partner", country="CN", level="city")
        pair = (homes[number % 5], there)
        a, b, until = next(confirmed)
        ended = status == TwinningAgreement.Status.ENDED
        rows.append(
            TwinningAgreement(
                city_a=pair[number // 2 % 2],
                city_b=pair[1 - number // 2 % 2],
                kind="sister",
                status=status,
                ended_why="terminated" if ended else "",
                signed_on=signed,
                signed_precision="day" if signed else "",
                expires_on=first_of(expires, precision) if expires else None,
                expires_precision=precision if expires else "",
                confirmed_a=a,
                confirmed_b=b,
                agreed_until=until,
                recorded_on=BEGINS,
                created_at=NOW,
            )
        )
    TwinningAgreement.objects.bulk_create(rows)


def first_of(day: date, precision: str) -> date:
    """Return the first day of the period that a source gives; it is what is stored."""
    if precision == Precision.YEAR:
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision in (Precision.MONTH, Precision.BY_END_OF_MONTH) else day


def delegations(people: list[User], ended: User) -> None:
    """Store delegations between all people of a city: in effect, over, to come, and taken back."""
    city = cities.city(PLACES[0])
    days = ((BEGINS, ENDS), (NOW.date(), NOW.date()), (ENDS, ENDS + timedelta(days=9)))
    Delegation.objects.bulk_create(
        Delegation(
            city=city,
            delegator=delegator,
            deputy=deputy,
            starts_on=first,
            ends_on=last,
            given_at=NOW,
            revoked_at=back,
        )
        for delegator in [*people, ended]
        for deputy in [*people, ended]
        if delegator != deputy
        for first, last in days
        for back in (None, NOW)
    )


LAST_DAY = date(2020, 12, 31)  # of a month and of a year
DAY = timedelta(days=1)
IN_FORCE: dict[str, dict[str, Any]] = {
    "without days": {},
    "signed today": {"signed_on": LAST_DAY, "signed_precision": "day"},
    "ends today": {"expires_on": LAST_DAY, "expires_precision": "day"},
    "ends this month": {"expires_on": LAST_DAY.replace(day=1), "expires_precision": "month"},
    "ends by the end of this month": {
        "expires_on": LAST_DAY.replace(day=1),
        "expires_precision": "by_end_of_month",
    },
    "ends this year": {"expires_on": date(2020, 1, 1), "expires_precision": "year"},
    "confirmed until today": {"confirmed_b": False, "agreed_until": LAST_DAY},
}
NOT_IN_FORCE: dict[str, dict[str, Any]] = {
    "signed tomorrow": {"signed_on": LAST_DAY + DAY, "signed_precision": "day"},
    "ended yesterday": {"expires_on": LAST_DAY - DAY, "expires_precision": "day"},
    "ended last month": {"expires_on": date(2020, 11, 1), "expires_precision": "month"},
    "ended last year": {"expires_on": date(2019, 1, 1), "expires_precision": "year"},
    "confirmed by one side": {"confirmed_b": False},
    "confirmed by the other side": {"confirmed_a": False},
    "confirmed until yesterday": {"confirmed_b": False, "agreed_until": LAST_DAY - DAY},
    "suspended": {"status": "suspended"},
    "terminated": {"status": "ended", "ended_why": "terminated"},
}


@pytest.mark.parametrize("side", ["city_a", "city_b"])
def test_agreement_gives_permissions_from_signing_to_last_day_by_the_date_of_the_own_city(side: str) -> None:
    """In Burnaby it is the last day of 2020, in the partner cities already the next."""
    create_instance("practice", NOW)
    set_clock(datetime(2021, 1, 1, 7, tzinfo=UTC))
    home, other = cities.city("burnaby"), "city_b" if side == "city_a" else "city_a"
    partners = City.objects.bulk_create(
        City(slug=f"partner-{place}", name_en=name, country="CN", level="city", timezone="Asia/Shanghai")
        for place, name in enumerate([*IN_FORCE, *NOT_IN_FORCE])
    )
    usual: dict[str, Any] = {"status": "recorded", "confirmed_a": True, "confirmed_b": True}
    TwinningAgreement.objects.bulk_create(
        TwinningAgreement(
            **{side: home, other: partner, "kind": "sister", "recorded_on": BEGINS, "created_at": NOW},
            **usual | (IN_FORCE | NOT_IN_FORCE)[partner.name_en],
        )
        for partner in partners
    )
    pairs = [(home.pk, partner.pk) for partner in partners if partner.name_en in IN_FORCE]
    assert sorted(load_grants(cities.member(Role.OFFICER, home).pk).agreement_city_pairs) == pairs
    assert {home.pk: frozenset(partner for _home, partner in pairs)} == ConfirmedPartners(
        frozenset({home.pk})
    )
    assert load_grants(cities.member(Role.OFFICER, cities.city("markham")).pk).agreement_city_pairs == ()


def moments() -> Iterator[datetime]:
    """Yield moments on the first and last days of everything, and on the days beside, in each zone."""
    for day in (BEGINS, NOW.date(), ENDS, ENDS + timedelta(days=1), date(2020, 12, 31)):
        yield from (
            datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour) for hour in HOURS
        )


def set_clock(at: datetime) -> None:
    """Set the practice clock so that the transaction of this test began at a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        Instance.objects.update(offset=at - cursor.fetchone()[0])


def order_free(grants: Grants) -> dict[str, Any]:
    """Return the grants without the order of their rows."""
    return {
        name: sorted(value) if isinstance(value, tuple) else value for name, value in grants._asdict().items()
    }


def test_permission_statement_returns_what_models_and_rules_return(
    people_with_every_grant: list[User],
) -> None:
    seen: dict[str, set[Any]] = {name: set() for name in Grants._fields}
    for at in moments():
        set_clock(at)
        for user in people_with_every_grant:
            one = order_free(load_grants(user.pk))
            assert one == order_free(grants_by_orm(user.pk)), (user, at)
            for name, value in one.items():
                seen[name].add(str(value))
    assert {name: len(values) > 1 for name, values in seen.items()} == dict.fromkeys(seen, True)
