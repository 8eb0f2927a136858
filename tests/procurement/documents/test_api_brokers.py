"""Tests of a customs broker: what brokers may do and read on the shipments assigned to them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.customs.actions import add_declaration, record_clearance_filing, record_hold
from procurement.logistics.actions.planning import assign_broker
from tests.procurement.api.program import ROOT, Program
from tests.workflow.files import picture
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker_shipment(story: Journey) -> dict[str, Any]:
    """Return a shipment assigned to the broker, and the API addresses of what belongs to its customs clearance."""
    shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
    clearance = record_clearance_filing(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    hold = record_hold(clearance, reason="A question", by=story.logistics.by, at=AT)
    declaration = add_declaration(clearance, number="E-1", by=story.logistics.by, at=AT)
    return {
        "shipment": shipment,
        "document": f"customs-documents/{shipment.documents.earliest('pk').reference}",
        "clearance": f"customs-clearances/{clearance.reference}",
        "hold": f"customs-holds/{hold.pk}",
        "declaration": f"declarations/{declaration.pk}",
    }


def upload_file(program: Program, thing: str) -> Any:
    photo = SimpleUploadedFile("invoice.jpg", picture(), "image/jpeg")
    return program.client.post(f"{ROOT}files/", {"thing": thing, "file": photo}, headers=program.headers)


@pytest.mark.parametrize("kind", ["document", "clearance", "hold", "declaration"])
def test_broker_reads_and_comments_on_objects_of_assigned_shipments(
    story: Journey, broker_shipment: dict[str, Any], kind: str
) -> None:
    about, dock, broker = broker_shipment[kind], Program(story.logistics.user), Program(story.broker.user)
    data = dock.post("comments/", {"thing": about, "text": "Please hand this in today."})
    brought = upload_file(dock, about).json()
    assert [one["id"] for one in broker.get(f"comments/?about={about}")["results"]] == [data["id"]]
    assert [one["key"] for one in broker.get(f"files/?about={about}")["results"]] == [brought["key"]]
    led = broker.client.get(f"{ROOT}files/{brought['key']}/content/", headers=broker.headers)
    answer = broker.client.get(led["Location"], headers=broker.headers)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    broker.post("comments/", {"thing": about, "text": "It is with customs."})
    assert upload_file(broker, about).status_code == 201
    assert len(dock.get(f"comments/?about={about}")["results"]) == 2
    assert len(dock.get(f"files/?about={about}")["results"]) == 2


def test_broker_cannot_read_or_comment_on_the_shipment_itself_or_other_objects(
    story: Journey, broker_shipment: dict[str, Any]
) -> None:
    shipment, dock, broker = (
        broker_shipment["shipment"],
        Program(story.logistics.user),
        Program(story.broker.user),
    )
    at = f"shipments/{shipment.reference}"
    dock.post("comments/", {"thing": at, "text": "The price is a secret."})
    upload_file(dock, at)
    other = story.plan(story.ready())  # given to no broker
    theirs = f"customs-documents/{other.documents.earliest('pk').reference}"
    dock.post("comments/", {"thing": theirs, "text": "Not theirs."})
    upload_file(dock, theirs)
    assert broker.get("comments/")["results"] == []
    assert broker.get("files/")["results"] == []
    assert broker.refused("comments/", {"thing": at, "text": "Hello"})["status"] == 403
    assert upload_file(broker, at).status_code == 403
    assert broker.refused("comments/", {"thing": theirs, "text": "Hello"})["status"] == 422


def test_broker_loses_access_when_the_shipment_is_given_to_another(
    story: Journey, broker_shipment: dict[str, Any]
) -> None:
    about, dock, broker = (
        broker_shipment["document"],
        Program(story.logistics.user),
        Program(story.broker.user),
    )
    dock.post("comments/", {"thing": about, "text": "Please hand this in today."})
    assert len(broker.get("comments/")["results"]) == 1
    second = story.person("broker")
    assign_broker(broker_shipment["shipment"], second.user, by=story.logistics.by, at=AT)
    assert broker.get("comments/")["results"] == []
    assert broker.refused("comments/", {"thing": about, "text": "Hello"})["status"] == 422
    assert len(Program(second.user).get("comments/")["results"]) == 1
