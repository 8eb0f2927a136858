"""Tests of the API's description: valid OpenAPI 3.1, complete, without warnings, and shown as pages."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from accounts.models import RateLimitCounter
from procurement.api_docs import examples
from procurement.api_docs.views import collection_docs, openapi_document
from procurement.shared_api.all_collections import COLLECTIONS
from workflow.api.schema import split_summary

pytestmark = pytest.mark.django_db


def test_api_description_is_generated_without_warnings(tmp_path: Any) -> None:
    call_command("spectacular", "--fail-on-warn", file=str(tmp_path / "schema.yml"))


def test_api_description_is_valid_openapi_3_1(db: None) -> None:
    document = json.loads(Client().get("/api/v1/schema/", headers={"accept": "application/json"}).content)
    assert document["openapi"].startswith("3.1")
    validate(document)
    assert Client().get("/api/v1/schema/").status_code == 200


def test_every_example_in_the_description_matches_its_schema() -> None:
    document = openapi_document()
    operations = {
        one["operationId"]: one for methods in document["paths"].values() for one in methods.values()
    }
    assert set(examples.EXAMPLE_BODIES) <= set(operations)
    for name, operation in operations.items():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in media:
                schema = {**media["schema"], "components": document["components"]}
                faults = list(Draft202012Validator(schema).iter_errors(media["example"]))
                assert not faults, (name, faults[0].message)


def test_response_fields_are_required_and_nullable_only_when_declared() -> None:
    schemas = openapi_document()["components"]["schemas"]
    for name in ("SupplierLeadDetail", "SupplyRequestRow", "VerificationTaskDetail", "ExchangeRow"):
        assert set(schemas[name]["required"]) == set(schemas[name]["properties"])
    assert schemas["NewSupplyRequestRequest"]["additionalProperties"] is False
    withheld = schemas["SupplierLeadDetail"]["properties"]["checks_open"]
    assert withheld["type"] == ["integer", "null"]
    assert "" in schemas["LotRow"]["properties"]["verdict"]["enum"]
    assert "oneOf" not in schemas["ExchangeRow"]["properties"]["source_url"]


def test_every_operation_and_parameter_has_a_description() -> None:
    for path, methods in openapi_document()["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert operation["summary"], path
            assert all(one["description"] for one in operation["responses"].values()), path
            assert all(one["description"] for one in operation.get("parameters", ())), path


def test_every_collection_and_action_is_in_the_description() -> None:
    described = set(openapi_document()["paths"])
    for collection in COLLECTIONS:
        for verb in (
            "",
            *(f"{{{collection.lookup_field}}}/{address}/" for address in ("", *collection.move_actions)),
        ):
            assert f"/api/v1/{collection.path}/{verb}".replace("//", "/") in described
    wanted = (
        "cities agreements exchanges contacts products supply-requests inquiries suppliers certificates "
        "bank-accounts "
        "supplier-leads findings verification-tasks check-reports allocations orders payments shipments "
        "customs-clearances "
        "declarations customs-documents customs-holds milestones tracking-events goods-receipts lots "
        "inspections organizations "
        "comments files entries"
    )
    assert set(wanted.split()) <= {collection.path for collection in COLLECTIONS}


def test_operation_is_described_with_the_words_of_its_action() -> None:
    told = openapi_document()["paths"]["/api/v1/shipments/{reference}/depart/"]["post"]
    assert told["operationId"] == "shipments_depart"
    assert "Refuses" in told["description"]
    statuses = openapi_document()["components"]["schemas"]["ShipmentDetail"]["properties"]["status"]["enum"]
    assert "in_transit" in statuses


def test_documentation_pages_show_every_operation_with_its_fields(client: Client) -> None:
    assert client.get("/api/v1/")["Location"] == "/api/v1/docs/"
    overview, chapters = client.get("/api/v1/docs/").content.decode(), {}
    for collection in COLLECTIONS:
        assert f"/api/v1/docs/{collection.path}/" in overview
        RateLimitCounter.objects.all().delete()  # the limit is 60 a minute, and there are as many collections
        chapter = chapters[collection.path] = client.get(f"/api/v1/docs/{collection.path}/").content.decode()
        for verb in collection.move_actions:
            assert f"{{{collection.lookup_field}}}/{verb}/" in chapter
    needs = chapters["supply-requests"]
    for told in (
        "lines[].max_unit_price",
        "Critical",
        "Idempotency-Key",
        "available_moves[].verb",
    ):
        assert told in needs
    assert client.get("/api/v1/docs/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("description", "summary", "about"),
    [
        ("Stop it.", "Stop it", ""),
        ("Stop it. Nobody is informed.", "Stop it", "Nobody is informed."),
        ("Stop it.\n\nNobody is informed. It ends.", "Stop it", "Nobody is informed. It ends."),
        ("Stop it. At once.\n\nIt ends.", "Stop it", "At once.\n\nIt ends."),
        ("Stop it\nnow. At once.", "Stop it now", "At once."),
        ("", "", ""),
    ],
)
def test_summary_is_the_first_sentence_of_the_docstring(description: str, summary: str, about: str) -> None:
    assert split_summary(description) == (summary, about)


def test_documentation_headings_are_one_sentence(client: Client) -> None:
    operations = [one for collection in collection_docs().values() for one in collection.operations]
    assert not [one.summary for one in operations if "\n" in one.summary or ". " in one.summary]
    page = client.get("/api/v1/docs/lots/").content.decode()
    assert ">Record the inspection of a sample, point by point</h2>" in page
    assert '<p lang="en">The latest verdict counts' in page


def test_documentation_pages_are_small_and_load_nothing_external(client: Client) -> None:
    for path in ("/api/v1/docs/", "/api/v1/docs/orders/"):
        page = client.get(path).content.decode()
        assert len(page) < 200_000
        assert "http://" not in page.replace("http://localhost:8000", "").replace(
            "http://www.w3.org/2000/svg", ""
        )
        assert "https://" not in page
        assert "style=" not in page


def test_api_description_is_limited_to_sixty_requests_per_minute(client: Client) -> None:
    answers = [client.get("/api/v1/schema/").status_code for _time in range(61)]
    assert answers.count(200) == 60
    assert answers[-1] == 429
