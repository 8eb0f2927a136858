"""People of the simulated month, and their inquiries and checks, created but not yet sent.

Everything is made by actions, except the many rows of inquiries and checks.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.cities.models import City
from partners.contacts.actions import set_absence
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.verification.models import CheckKind, VerificationTask
from tests.faults.month_of_reminders.working_hours import OFFICES, PLACES, Place
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import Story
from workflow.numbering import take_numbers

QUESTION, CHECK = (model._meta.label_lower for model in (Inquiry, VerificationTask))
REQUESTS_PER_CONTACT = 10  # inquiries and checks for one contact in the month
TASK_LIMIT = 10_000  # no contact reaches a limit: the month tests hours and days
LONGER_THAN_A_SPAN = timedelta(days=60)
CHECKS = 5  # every fifth object is a check

type Thing = tuple[str, int]


@dataclass
class Cast:
    """Officers in two cities of Canada, contacts in seven places, and a colleague in each place.

    Some contacts have working hours of their own, and some are away.
    """

    story: Story
    officers: list[User]
    contacts: list[Contact]
    colleagues: dict[str, Contact]


def create_cast(count: int, away_until: datetime) -> Cast:
    """Create enough people for so many inquiries and checks."""
    colleagues = {place.code: _contact(place, f"Colleague in {place.code}") for place in PLACES}
    contacts = [
        _someone(number, PLACES[number % len(PLACES)], away_until)
        for number in range(max(2 * len(PLACES), count // REQUESTS_PER_CONTACT))
    ]
    officers = [_officer(number) for number in range(max(4, count // 50))]
    return Cast(_desk(), officers, contacts, colleagues)


def _desk() -> Story:
    """Return an example purchase whose officer of Burnaby is in Burnaby's time zone."""
    story = Story()
    edit_person(
        story.officer.user, PersonEdit(time_zone=OFFICES["burnaby"].zone), by=CONSOLE_ACTOR, at=cities.NOW
    )
    return story


def _officer(number: int) -> User:
    city, place = list(OFFICES.items())[number % len(OFFICES)]
    user = cities.member("officer", cities.city(city), f"Officer {number}")
    return edit_person(user, PersonEdit(time_zone=place.zone), by=CONSOLE_ACTOR, at=cities.NOW)


def _someone(number: int, place: Place, away_until: datetime) -> Contact:
    """Create a contact: every fifth has short hours, every ninth is away for the first days."""
    hours = {"working_from": "10:00", "working_until": "15:00"} if number % 5 == 0 else {}
    contact = _contact(place, f"Person {number}", **hours)
    if number % 9 == 4:
        set_absence(contact, away_until.date(), by=own_link(contact), at=away_until - timedelta(days=30))
    return contact


def _contact(place: Place, name: str, **facts: Any) -> Contact:
    slug = f"town-{place.code.lower()}"
    cities.city(slug, country=place.code[:2], subdivision=place.code, timezone=place.zone)
    contact = cities.contact(slug, name, task_limit=TASK_LIMIT, **facts)
    edit_person(contact.user, PersonEdit(time_zone=place.zone), by=CONSOLE_ACTOR, at=cities.NOW)
    return contact


def unsent_requests(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    """Return so many unsent inquiries and checks in random order, each with its contact."""
    checks = count // CHECKS
    asked = _questions(cast, count - checks, at) | _checks(cast, checks, at)
    order = list(asked.items())
    random.Random(f"{at} {count}").shuffle(order)
    return dict(order)


def _questions(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    needs = [_need(cast.story, at) for _ in range(-(-count // len(cast.contacts)))]
    pairs = [(need, contact) for need in needs for contact in cast.contacts][:count]
    first = take_numbers("IQ", at.year, count) - count + 1
    rows = [
        Inquiry(
            status=Inquiry.Status.DRAFT,
            reference=f"IQ-{at.year}-{first + number:04d}",
            supply_request=need,
            city=cast.story.city,
            contact=contact,
            language="en",
            subject=f"Question {number}",
            body="Can you help?",
            author=cast.officers[number % len(cast.officers)],
            created_at=at,
            text_written_at=at,
        )
        for number, (need, contact) in enumerate(pairs)
    ]
    Inquiry.objects.bulk_create(rows)
    return {(QUESTION, row.pk): row.contact for row in rows}


def _need(story: Story, at: datetime) -> SupplyRequest:
    """Return a need that is not reconfirmed within the span: reminders stop when that date has passed."""
    return story.line(at=at, reconfirm_by=(at + LONGER_THAN_A_SPAN).date()).supply_request


def _checks(cast: Cast, count: int, at: datetime) -> dict[Thing, Contact]:
    """Create checks on offers that are valid in that year; each offer has its own officer, who entered it."""
    leads = [submitted_offer(_desk(), supplier=cast.story.supplier) for _ in range(max(1, count // 50))]
    first = take_numbers("VT", at.year, count) - count + 1
    rows = [
        VerificationTask(
            status=VerificationTask.Status.UNASSIGNED,
            reference=f"VT-{at.year}-{first + number:04d}",
            city=City.objects.get(pk=cast.story.city.pk),
            lead=leads[number % len(leads)],
            supplier=cast.story.supplier,
            check_kind=CheckKind.VISIT,
            needed=False,
            created_at=at,
        )
        for number in range(count)
    ]
    VerificationTask.objects.bulk_create(rows)
    return {(CHECK, row.pk): cast.contacts[number % len(cast.contacts)] for number, row in enumerate(rows)}
