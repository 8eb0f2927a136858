"""Tests of the number of a customs document in the API."""

import pytest

from procurement.documents.actions.documents import advance_document_to
from tests.procurement.api.program import Program
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


def test_customs_document_number_is_set_changed_and_removed_through_the_api(story: RequestingOffice) -> None:
    document = story.document(story.plan(), "DECL5")
    dock, at = Program(story.logistics.user), f"customs-documents/{document.reference}"
    assert "number" in {move["verb"] for move in dock.get(f"{at}/")["available_moves"] if move["open"]}
    for typed, kept in ((" W-1 ", "W-1"), ("W-2", "W-2"), ("", "")):
        assert dock.post(f"{at}/number/", {"number": typed})["number"] == kept
    assert dock.get(f"{at}/")["status"] == "required", "a number leaves the status as it is"
    for wrong in ({}, {"number": "9" * 81}):
        assert dock.refused(f"{at}/number/", wrong)["status"] == 422


def test_customs_document_number_is_set_only_by_people_who_prepare_it(story: RequestingOffice) -> None:
    document = story.document(story.plan(), "DECL5")
    at = f"customs-documents/{document.reference}/number/"
    for person, status in ((story.observer, 403), (story.stranger, 404)):
        assert Program(person.user).refused(at, {"number": "W-1"})["status"] == status
    advance_document_to(document, "accepted", by=story.logistics.by, at=AT)
    assert Program(story.logistics.user).refused(at, {"number": "W-1"})["status"] == 409
