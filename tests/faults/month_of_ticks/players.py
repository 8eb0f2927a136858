"""The people of the month, and what they are asked: questions and checks, written and not yet sent. Played through actions but for
the rows of what is asked, which are many.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.actions import people
from accounts.actors import CONSOLE
from accounts.models import User
from partners.actions.people import go_away
from partners.models.cities import City
from partners.models.people import Contact
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.verification.models.checks import Check, VerificationTask
from tests import world
from tests.faults.month_of_ticks.places import OFFICES, PLACES, Place
from tests.procurement.leads.play import offered
from tests.procurement.story import Story
from tests.world import own_link
from workflow import numbering

QUESTION, CHECK = (model._meta.label_lower for model in (Inquiry, VerificationTask))
EACH = 10  # things that one contact is asked in the month
ROOM = 10_000  # the month is about hours and days: everybody has room
LONGER_THAN_A_SPAN = timedelta(days=60)
CHECKS = 5  # every fifth thing is a check

type Thing = tuple[str, int]


@dataclass
class Cast:
    """Officers in two cities of Canada, contacts in seven places (some with hours of their own, some away), a colleague in each."""

    story: Story
    officers: list[User]
    contacts: list[Contact]
    colleagues: dict[str, Contact]


def cast(count: int, away_until: datetime) -> Cast:
    """As many people as so many things need."""
    colleagues = {place.code: _contact(place, f"Colleague in {place.code}") for place in PLACES}
    contacts = [
        _someone(number, PLACES[number % len(PLACES)], away_until)
        for number in range(max(2 * len(PLACES), count // EACH))
    ]
    officers = [_officer(number) for number in range(max(4, count // 50))]
    return Cast(_desk(), officers, contacts, colleagues)


def _desk() -> Story:
    """An officer of Burnaby, on Burnaby's clock."""
    story = Story()
    people.edit(story.officer.user, time_zone=OFFICES["burnaby"].zone, by=CONSOLE, at=world.NOW)
    return story


def _officer(number: int) -> User:
    city, place = list(OFFICES.items())[number % len(OFFICES)]
    user = world.member("officer", world.city(city), f"Officer {number}")
    return people.edit(user, time_zone=place.zone, by=CONSOLE, at=world.NOW)


def _someone(number: int, place: Place, away_until: datetime) -> Contact:
    """Every fifth has short hours, every ninth is away for the first days."""
    hours = {"working_from": "10:00", "working_until": "15:00"} if number % 5 == 0 else {}
    contact = _contact(place, f"Person {number}", **hours)
    if number % 9 == 4:
        go_away(contact, away_until.date(), by=own_link(contact), at=away_until - timedelta(days=30))
    return contact


def _contact(place: Place, name: str, **facts: Any) -> Contact:
    slug = f"town-{place.code.lower()}"
    world.city(slug, country=place.code[:2], subdivision=place.code, timezone=place.zone)
    contact = world.contact(slug, name, task_limit=ROOM, **facts)
    people.edit(contact.user, time_zone=place.zone, by=CONSOLE, at=world.NOW)
    return contact


def written(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    """So many things to ask, in no order of the people they will be put to: the thing, and whom it is for."""
    checks = count // CHECKS
    asked = _questions(cast, count - checks, at) | _checks(cast, checks, at)
    order = list(asked.items())
    random.Random(f"{at} {count}").shuffle(order)
    return dict(order)


def _questions(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    needs = [_need(cast.story, at) for _ in range(-(-count // len(cast.contacts)))]
    pairs = [(need, contact) for need in needs for contact in cast.contacts][:count]
    first = numbering.take("IQ", at.year, count) - count + 1
    rows = [
        Inquiry(
            status=Inquiry.Status.PROPOSED,
            reference=f"IQ-{at.year}-{first + number:04d}",
            supply_request=need,
            city=cast.story.city,
            contact=contact,
            language="en",
            subject=f"Question {number}",
            body="Can you help?",
            author=cast.officers[number % len(cast.officers)],
            created_at=at,
            worded_at=at,
        )
        for number, (need, contact) in enumerate(pairs)
    ]
    Inquiry.objects.bulk_create(rows)
    return {(QUESTION, row.pk): row.contact for row in rows}


def _need(story: Story, at: datetime) -> SupplyRequest:
    """Posted as the span begins and not to be reconfirmed within it: reminders rest once that day has passed."""
    return story.line(at=at, reconfirm_by=(at + LONGER_THAN_A_SPAN).date()).supply_request


def _checks(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    """On offers that still stand in that year; each is looked after by an officer of its own, who entered it."""
    leads = [offered(_desk(), supplier=cast.story.supplier) for _ in range(max(1, count // 50))]
    first = numbering.take("VT", at.year, count) - count + 1
    rows = [
        VerificationTask(
            status=VerificationTask.Status.PROPOSED,
            reference=f"VT-{at.year}-{first + number:04d}",
            city=City.objects.get(pk=cast.story.city.pk),
            lead=leads[number % len(leads)],
            supplier=cast.story.supplier,
            check_kind=Check.VISIT,
            needed=False,
            created_at=at,
        )
        for number in range(count)
    ]
    VerificationTask.objects.bulk_create(rows)
    return {(CHECK, row.pk): cast.contacts[number % len(cast.contacts)] for number, row in enumerate(rows)}
