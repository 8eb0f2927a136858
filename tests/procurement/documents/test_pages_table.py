"""Tests of the table of a clearance's documents: numbers entered in rows, and one status for the selected rows."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from procurement.documents.actions.documents import (
    advance_document_to,
    record_document_query,
    record_document_refusal,
    update_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.shipments.models import Shipment
from tests.browsing import Browser, Page
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
SAVE = "Save numbers and statuses"


@pytest.fixture
def story() -> Iterator[Journey]:
    one = Journey()
    one.practise()
    yield one
    clear_instance_cache()


def open_table(story: Journey, shipment: Shipment) -> Page:
    return Browser(story.logistics.user).open(shipment)


def statuses(documents: list[CustomsDocument]) -> list[str]:
    for one in documents:
        one.refresh_from_db()
    return [one.status for one in documents]


def blocking(shipment: Shipment) -> list[CustomsDocument]:
    return list(shipment.documents.filter(blocks=True, clearance__side="export").order_by("pk"))


def test_selected_documents_get_one_status_like_single_actions(story: Journey) -> None:
    shipment = story.plan()
    documents = blocking(shipment)
    done = open_table(story, shipment).press(
        SAVE, tick=[one.reference for one in documents], status="submitted"
    )
    assert set(statuses(documents)) == {"submitted"}
    names = "; ".join(one.name for one in documents)
    assert f"Documents updated ({len(documents)}): {names}." in done
    entries = Entry.objects.filter(thing_label="procurement.customsdocument", thing_id=documents[0].pk)
    assert list(entries.order_by("pk").values_list("verb", flat=True)) == [
        "require",
        "draft",
        "ready",
        "file",
    ]
    shipment.refresh_from_db()
    assert (
        not shipment.documents.filter(blocks=True, due_before="depart").exclude(status="submitted").exists()
    )


def test_refused_document_row_says_why_and_the_others_continue(story: Journey) -> None:
    shipment = story.plan()
    first, second = blocking(shipment)[:2]
    page = open_table(story, shipment)
    advance_document_to(first, "submitted", by=story.logistics.by, at=AT)
    record_document_refusal(first, reason="No stamp", by=story.logistics.by, at=AT)
    done = page.press(SAVE, tick=[first.reference, second.reference], status="submitted")
    assert statuses([first, second]) == ["refused", "submitted"]
    assert f"{first}: The document cannot be marked as “Submitted to customs”" in done
    assert f"Documents updated (1): {second}." in done


def test_all_ready_documents_are_submitted_with_one_button(story: Journey) -> None:
    shipment = story.plan()
    first, second, third = blocking(shipment)[:3]
    for one in (first, second):
        advance_document_to(one, "ready", by=story.logistics.by, at=AT)
    page = open_table(story, shipment)
    done = page.press("Mark 2 ready documents as submitted", tick=[third.reference])
    assert statuses([first, second, third]) == ["submitted", "submitted", "required"]
    assert f"Documents updated (2): {first}; {second}." in done
    assert not any("ready document" in one for one in done.buttons)


def test_ready_documents_are_submitted_only_with_clearing_permission(story: Journey) -> None:
    shipment = story.plan()
    first = blocking(shipment)[0]
    advance_document_to(first, "ready", by=story.logistics.by, at=AT)
    clearance = story.clearance(shipment, "export")
    client = Browser(story.observer.user).client
    answer = client.post(reverse("mark_documents", args=[clearance.reference]), {"submit_ready": "1"})
    assert answer.status_code == 403
    assert statuses([first]) == ["ready"]


def test_document_number_is_entered_in_the_table_row(story: Journey) -> None:
    shipment = story.plan()
    first, second = blocking(shipment)[:2]
    typed = {f"number-{first.reference}": "W-1", "status": "ready", "tick": [second.reference]}
    open_table(story, shipment).press(SAVE, **typed)
    assert statuses([first, second]) == ["required", "ready"]
    assert first.number == "W-1"
    assert open_table(story, shipment).value(f"number-{first.reference}") == "W-1"
    assert "entered the document number" in Browser(story.logistics.user).open(first)


def test_document_number_changed_by_another_person_is_not_overwritten(story: Journey) -> None:
    shipment = story.plan()
    first = blocking(shipment)[0]
    page = open_table(story, shipment)
    update_document(first, number="W-1", known_number="", by=story.logistics.by, at=AT)
    done = page.press(SAVE, **{f"number-{first.reference}": "W-2"})
    assert "The document’s number has been changed to “W-1” in the meantime." in done
    first.refresh_from_db()
    assert first.number == "W-1"


def test_document_table_without_changes_stores_nothing(story: Journey) -> None:
    shipment = story.plan()
    before = Entry.objects.count()
    assert "Nothing was changed." in open_table(story, shipment).press(SAVE)
    assert Entry.objects.count() == before
    long = open_table(story, shipment).press(SAVE, **{f"number-{blocking(shipment)[0].reference}": "9" * 81})
    assert long.status == 422


def test_blocking_documents_are_listed_first_and_others_folded(story: Journey) -> None:
    shipment = story.plan()
    done = story.hand_in(blocking(shipment)[0])
    page = open_table(story, shipment)
    rows = page.root.xpath("//*[@id='customs']//tr[@id and not(ancestor::details)]/@id")
    export = [one.reference for one in blocking(shipment)]
    assert rows[: len(export) - 1] == export[1:]
    folded = page.root.xpath("//*[@id='customs']//details//tr[@id]/@id")
    optional = shipment.documents.filter(blocks=False)
    assert sorted(folded) == sorted([done.reference, *optional.values_list("reference", flat=True)])
    assert "1 document with customs" in page
    aside = optional.filter(clearance__side="export").count()
    assert f"{aside} documents that do not block" in page


@pytest.mark.parametrize(("person", "status"), [("observer", 403), ("stranger", 404)])
def test_document_table_is_403_for_observers_and_404_for_other_cities(
    story: Journey, person: str, status: int
) -> None:
    shipment = story.plan()
    clearance = story.clearance(shipment, "export")
    client = Browser(getattr(story, person).user).client
    answer = client.post(reverse("mark_documents", args=[clearance.reference]), {"status": "ready"})
    assert answer.status_code == status
    if person == "observer":
        assert SAVE not in Browser(story.observer.user).open(shipment).buttons


@pytest.mark.parametrize(
    ("status", "wanted", "goes"),
    [
        ("required", "in_progress", True),
        ("required", "accepted", True),
        ("queried", "submitted", True),
        ("queried", "ready", False),
        ("submitted", "ready", False),
        ("submitted", "submitted", True),
        ("refused", "submitted", False),
        ("required", "queried", False),
    ],
)
def test_document_status_can_only_be_moved_forward(
    story: Journey, status: str, wanted: str, goes: bool
) -> None:
    document = story.document(story.plan(), "DECL5")
    who = {"by": story.logistics.by, "at": AT}
    if status != "required":
        advance_document_to(document, "submitted", **who)
    if status in ("queried", "refused"):
        {"queried": record_document_query, "refused": record_document_refusal}[status](
            document, reason="Stamp", **who
        )
    if goes:
        assert advance_document_to(document, wanted, **who).status == wanted
    else:
        with assert_refused("wrong_status", document):
            advance_document_to(document, wanted, **who)
