"""Tests with random requests that schemathesis generates from the API's description.

Every response must fit the description, and none may be a 5xx.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from partners.permissions.permissions import Permissions
from procurement.api_docs.views import openapi_document
from procurement.shared_api.all_collections import COLLECTIONS
from tests.lanes import FULL
from tests.procurement.api.program import ROOT, Program
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey

pytestmark = (
    pytest.mark.django_db
)  # gives the test database; the example purchase runs in one transaction around all tests

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BY_PATH = {collection.path: collection for collection in COLLECTIONS}

# Boundary values of every field are some sixty requests for each operation, so only `make faults` tries them.
SCHEMATHESIS_CONFIG = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": FULL}}})

described = schemathesis.openapi.from_dict(openapi_document(), config=SCHEMATHESIS_CONFIG)
described.app = get_wsgi_application()


class OfficerClient:
    """API client of an officer, with one key of each kind of object that the officer may see."""

    def __init__(self, program: Program, powers: Permissions) -> None:
        self.program = program
        self.keys = {
            path: collection.model._default_manager.visible_to(powers)
            .values_list(collection.lookup_field, flat=True)
            .first()
            for path, collection in BY_PATH.items()
        }

    def key(self, path: str) -> Any:
        return self.keys[path.removeprefix(ROOT).partition("/")[0]]


@pytest.fixture(scope="module")
def officer_client(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[OfficerClient]:
    """Return the client of an officer after a whole purchase, made once for all operations and rolled back afterwards."""
    for signal in (
        request_started,
        request_finished,
    ):  # like Django's own test client: the transaction stays open
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), time_machine.travel(AT, tick=False), transaction.atomic():
        story = Journey()
        story.closed()
        story.account()
        yield OfficerClient(Program(story.officer.user), powers_for(story.officer.user))
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@described.parametrize()
@settings(
    max_examples=25 if FULL else 1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_match_the_api_description(case: Any, officer_client: OfficerClient) -> None:
    for name in case.path_parameters or {}:
        case.path_parameters[name] = officer_client.key(case.path) or case.path_parameters[name]
    with transaction.atomic():
        answer = case.call(headers=officer_client.program.headers)
        case.validate_response(answer, checks=CHECKS)
        transaction.set_rollback(True)
