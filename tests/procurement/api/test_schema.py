"""The API is what its description says: valid OpenAPI 3.1, without warnings, and answering as it promises to generated requests."""

import json
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import validate

from procurement.api import docs
from procurement.api.records import COLLECTIONS
from tests.procurement.shipments.play import Voyage

pytestmark = pytest.mark.django_db
OPERATIONS = sorted(
    (method, path) for path, methods in docs.document()["paths"].items() for method in methods
)


def test_the_description_has_no_warning(tmp_path: Any) -> None:
    call_command("spectacular", "--fail-on-warn", file=str(tmp_path / "schema.yml"))


def test_the_description_is_valid_openapi(db: None) -> None:
    document = json.loads(Client().get("/api/v1/schema/", headers={"accept": "application/json"}).content)
    assert document["openapi"].startswith("3.1")
    validate(document)
    assert Client().get("/api/v1/schema/").status_code == 200


def test_every_collection_of_the_story_is_described() -> None:
    described = set(docs.document()["paths"])
    for collection in COLLECTIONS:
        for verb in ("", *(f"{{{collection.key}}}/{address}/" for address in ("", *collection.verbs))):
            assert f"/api/v1/{collection.path}/{verb}".replace("//", "/") in described
    wanted = (
        "cities twinnings exchanges contacts products supply-requests inquiries suppliers certificates bank-accounts "
        "supplier-leads findings verification-tasks reports allocations orders payments shipments customs-lanes "
        "declarations customs-papers customs-holds milestones tracking-events receipts lots inspections organisations "
        "comments files entries"
    )
    assert set(wanted.split()) <= {collection.path for collection in COLLECTIONS}


def test_an_operation_says_what_it_does_in_its_actions_words() -> None:
    told = docs.document()["paths"]["/api/v1/shipments/{reference}/depart/"]["post"]
    assert told["operationId"] == "shipments_depart"
    assert "Refuses" in told["description"]
    statuses = docs.document()["components"]["schemas"]["ShipmentDetail"]["properties"]["status"]["enum"]
    assert "departed" in statuses


def described_by(story: Voyage) -> Any:
    """The API as schemathesis reads it, asked in this process by an officer."""
    from config.wsgi import application

    schema = schemathesis.openapi.from_dict(docs.document())
    schema.app = application
    return schema


EXAMPLES = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
