"""Tests of the number of a customs document in the API."""

import pytest

from procurement.documents.actions.documents import advance_document_to
from tests.procurement.api.program import Program
from tests.worlds.document_requests import Desk
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


def test_the_number_of_a_document_is_entered_corrected_and_removed(story: Desk) -> None:
    document = story.document(story.plan(), "DECL5")
    dock, at = Program(story.logistics.user), f"customs-documents/{document.reference}"
    assert "number" in {move["verb"] for move in dock.get(f"{at}/")["available_moves"] if move["open"]}
    for typed, kept in ((" W-1 ", "W-1"), ("W-2", "W-2"), ("", "")):
        assert dock.post(f"{at}/number/", {"number": typed})["number"] == kept
    assert dock.get(f"{at}/")["status"] == "required", "a number leaves the status as it is"
    for wrong in ({}, {"number": "9" * 81}):
        assert dock.refused(f"{at}/number/", wrong)["status"] == 422


def test_a_number_is_entered_by_those_who_prepare_the_document(story: Desk) -> None:
    document = story.document(story.plan(), "DECL5")
    at = f"customs-documents/{document.reference}/number/"
    for person, status in ((story.observer, 403), (story.stranger, 404)):
        assert Program(person.user).refused(at, {"number": "W-1"})["status"] == status
    advance_document_to(document, "accepted", by=story.logistics.by, at=AT)
    assert Program(story.logistics.user).refused(at, {"number": "W-1"})["status"] == 409
