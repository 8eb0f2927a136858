"""Fixtures of an officer in Vancouver with the daily digest, and of a need of theirs that others comment on."""

from datetime import timedelta

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.requests.actions.requests import reconfirm_request
from tests.procurement.tasks.daily_mail.mail_reader import NOON, choose_delivery
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry


@pytest.fixture
def officer(story, sink):
    """Return an officer in Vancouver who chose the daily digest for comments."""
    user = story.officer.user
    edit_person(user, PersonEdit(time_zone="America/Vancouver"), by=CONSOLE_ACTOR, at=AT)
    choose_delivery(user, NOON, comments="digest")
    return user


@pytest.fixture
def need(story, officer):
    made = story.line().supply_request
    until = AT.date() + timedelta(days=90)  # the city is not asked to reconfirm it while the tests last
    reconfirm_request(made, until=until, by=story.officer.by, at=AT)
    Entry.objects.update(announced_at=AT)  # earlier entries are not part of the test
    return made
