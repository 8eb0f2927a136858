"""What a customs broker says and brings about the papers they were given, and what of the city's own they read there."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.shipments.actions.customs import declare, file_lane, place_hold
from procurement.shipments.actions.planning import assign_broker
from tests.procurement.api.program import ROOT, Program
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.workflow.files import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def customs(story: Voyage) -> dict[str, Any]:
    """What there is at the customs of a shipment that was given to the broker, by the addresses of the API."""
    shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
    lane = file_lane(story.lane(shipment, "export"), by=story.logistics.by, at=AT)
    hold = place_hold(lane, reason="A question", by=story.logistics.by, at=AT)
    declaration = declare(lane, number="E-1", by=story.logistics.by, at=AT)
    return {
        "shipment": shipment,
        "paper": f"customs-papers/{shipment.papers.earliest('pk').reference}",
        "lane": f"customs-lanes/{lane.reference}",
        "hold": f"customs-holds/{hold.pk}",
        "declaration": f"declarations/{declaration.pk}",
    }


def bring(program: Program, thing: str) -> Any:
    photo = SimpleUploadedFile("invoice.jpg", picture(), "image/jpeg")
    return program.client.post(f"{ROOT}files/", {"thing": thing, "file": photo}, headers=program.headers)


@pytest.mark.parametrize("kind", ["paper", "lane", "hold", "declaration"])
def test_a_broker_reads_and_adds_to_what_they_were_given(
    story: Voyage, customs: dict[str, Any], kind: str
) -> None:
    about, dock, broker = customs[kind], Program(story.logistics.user), Program(story.broker.user)
    said = dock.post("comments/", {"thing": about, "text": "Please hand this in today."})
    brought = bring(dock, about).json()
    assert [one["id"] for one in broker.get(f"comments/?about={about}")["results"]] == [said["id"]]
    assert [one["key"] for one in broker.get(f"files/?about={about}")["results"]] == [brought["key"]]
    led = broker.client.get(f"{ROOT}files/{brought['key']}/content/", headers=broker.headers)
    answer = broker.client.get(led["Location"], headers=broker.headers)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    broker.post("comments/", {"thing": about, "text": "It is with customs."})
    assert bring(broker, about).status_code == 201
    assert len(dock.get(f"comments/?about={about}")["results"]) == 2
    assert len(dock.get(f"files/?about={about}")["results"]) == 2


def test_what_is_said_of_the_rest_is_not_for_the_broker(story: Voyage, customs: dict[str, Any]) -> None:
    shipment, dock, broker = customs["shipment"], Program(story.logistics.user), Program(story.broker.user)
    at = f"shipments/{shipment.reference}"
    dock.post("comments/", {"thing": at, "text": "The price is a secret."})
    bring(dock, at)
    other = story.plan(story.ready())  # given to nobody
    theirs = f"customs-papers/{other.papers.earliest('pk').reference}"
    dock.post("comments/", {"thing": theirs, "text": "Not theirs."})
    bring(dock, theirs)
    assert broker.get("comments/")["results"] == []
    assert broker.get("files/")["results"] == []
    assert broker.refused("comments/", {"thing": at, "text": "Hello"})["status"] == 403
    assert bring(broker, at).status_code == 403
    assert broker.refused("comments/", {"thing": theirs, "text": "Hello"})["status"] == 422


def test_a_broker_whose_shipment_is_given_to_another_reads_no_more(
    story: Voyage, customs: dict[str, Any]
) -> None:
    about, dock, broker = customs["paper"], Program(story.logistics.user), Program(story.broker.user)
    dock.post("comments/", {"thing": about, "text": "Please hand this in today."})
    assert len(broker.get("comments/")["results"]) == 1
    second = story.person("broker")
    assign_broker(customs["shipment"], second.user, by=story.logistics.by, at=AT)
    assert broker.get("comments/")["results"] == []
    assert broker.refused("comments/", {"thing": about, "text": "Hello"})["status"] == 422
    assert len(Program(second.user).get("comments/")["results"]) == 1
