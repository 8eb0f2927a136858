"""Fixture of the practice scenario, run once for all tests of this package."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from procurement.management.commands.demo_up import PRACTICE_OPENS_AT
from procurement.management.scenario import timeline
from procurement.management.scenario.state import ScenarioState
from workflow import clock
from workflow.clock import clear_instance_cache, create_instance


@pytest.fixture(scope="package")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[ScenarioState, datetime]]:
    """Run the scenario in a transaction that is rolled back at the end; provide its state and when it ended.

    The tests that use it carry the mark `xdist_group("scenario")`, so that one process plays it.
    """
    with django_db_blocker.unblock():
        with transaction.atomic():
            create_instance("practice", starts_at=PRACTICE_OPENS_AT)
            call_command("load_reference_data", verbosity=0)
            call_command("load_register")
            yield timeline.play_scenario(lambda line: None), clock.now()
            transaction.set_rollback(True)
        clear_instance_cache()


@pytest.fixture(scope="package")
def stage(played: tuple[ScenarioState, datetime]) -> ScenarioState:
    """Provide the state of the scenario after its end."""
    return played[0]


@pytest.fixture(scope="package")
def ended_at(played: tuple[ScenarioState, datetime]) -> datetime:
    """Provide the time on the practice clock at which the scenario ended. The clock runs on during the tests."""
    return played[1]
