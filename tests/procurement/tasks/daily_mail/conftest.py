"""An officer who reads in Vancouver, and a need of theirs that others speak about."""

import pytest

from accounts.actions import people
from accounts.actors import CONSOLE
from tests.procurement.story import AT
from tests.procurement.tasks.daily_mail.reading import NOON, choose
from workflow.models.journal import Entry


@pytest.fixture
def officer(story, sink):
    """Reads in Vancouver, and has chosen the daily mail for comments."""
    user = story.officer.user
    people.edit(user, time_zone="America/Vancouver", by=CONSOLE, at=AT)
    choose(user, NOON, comments="digest")
    return user


@pytest.fixture
def need(story, officer):
    made = story.line().supply_request
    Entry.objects.update(announced_at=AT)  # what came before is of no interest here
    return made
