"""Tests of uploading many files at once, which are matched to documents and confirmed with one press."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentSubmission
from procurement.shipments.models import Shipment
from tests.browsing import Browser, Page
from tests.procurement.refusals import assert_refused
from tests.workflow import files
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT, Person
from workflow.clock import clear_instance_cache
from workflow.comments_and_files.actions import move_file
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(story: RequestingOffice) -> Iterator[RequestingOffice]:
    """Return an example purchase (`RequestingOffice`) on a practice site, where signing in needs no second factor."""
    story.practise()
    yield story
    clear_instance_cache()


def upload_files(person: Person, shipment: Shipment, *named: tuple[str, bytes]) -> Page:
    """Upload files at once and return the page that follows."""
    browser = Browser(person.user)
    uploads = [files.upload(data, name) for name, data in named]
    target = reverse("add_documents", args=[shipment.reference])
    return browser.send(target, {"uploads": uploads}, {"uploads": uploads[0]})


def row_of_file(page: Page, name: str) -> dict[str, str]:
    """Return the content of the row of a file: document, number and status."""
    file = File.objects.get(name=name)
    return {field: page.value(f"{field}-{file.key}") for field in ("document", "status")}


def test_uploaded_files_are_matched_to_documents_and_saved_together(office: RequestingOffice) -> None:
    shipment = office.packed()
    wanted = list(shipment.documents.filter(blocks=True, due_before="depart").order_by("pk"))
    named = [(f"{one.reference}.pdf", files.pdf()) for one in wanted]
    page = upload_files(office.logistics, shipment, *named)
    assert page.at == reverse("sort_documents", args=[shipment.reference])
    for one in wanted:
        assert row_of_file(page, f"{one.reference}.pdf") == {"document": one.reference, "status": "ready"}
    assert CustomsDocument.objects.filter(status="ready").count() == 0, "nothing before it is confirmed"
    done = page.press("Save documents")
    assert done.at == shipment.get_absolute_url()
    assert f"Documents saved: {len(wanted)}." in done
    due = shipment.documents.filter(blocks=True, due_before="depart")
    assert set(due.values_list("status", flat=True)) == {"ready"}, "customs does not have them yet"
    assert DocumentSubmission.objects.filter(status="accepted").count() == len(wanted)
    assert {file.thing_label for file in File.objects.all()} == {"procurement.customsdocument"}
    assert not any(one.filed_at for one in DocumentSubmission.objects.all())
    done.press(f"Mark {len(wanted)} ready documents as submitted")
    assert set(due.values_list("status", flat=True)) == {"submitted"}
    assert all(one.filed_at for one in DocumentSubmission.objects.all())


def test_file_is_matched_by_its_text_and_the_choice_can_be_changed(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(
        office.logistics, shipment, ("scan.pdf", files.pdf_saying("COMMERCIAL INVOICE", "No. 7"))
    )
    invoice, packing = office.document(shipment, "INV"), office.document(shipment, "PKL")
    assert row_of_file(page, "scan.pdf")["document"] == invoice.reference
    assert "The text begins with “commercial invoice”." in page
    key = File.objects.get().key
    page.press(
        "Save documents",
        **{f"document-{key}": packing.reference, f"number-{key}": "PL-7", f"status-{key}": "submitted"},
    )
    packing.refresh_from_db()
    assert (packing.status, packing.number) == ("submitted", "PL-7")
    assert list(packing.submissions.values_list("document_number", flat=True)) == ["PL-7"]


def test_unmatched_file_waits_on_the_shipment_page(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(
        office.logistics, shipment, ("IMG_1.png", files.picture("PNG")), ("PL.png", files.picture("PNG"))
    )
    assert "No document found by name or content. Choose one." in page
    left = page.press("Save documents")
    assert left.at == reverse("sort_documents", args=[shipment.reference])
    assert office.document(shipment, "PKL").status == "ready"
    assert "Documents saved: 1." in left
    here = Browser(office.officer.user).open(shipment)
    assert "Files to match with documents: 1" in here
    key = File.objects.get(name="IMG_1.png").key
    here.follow("Choose the documents").press("Save documents", **{f"document-{key}": "kept"})
    file = File.objects.get(name="IMG_1.png")
    assert (file.thing_label, file.thing_id, file.kind) == ("procurement.shipment", shipment.pk, "")
    assert "Files to match with documents" not in Browser(office.officer.user).open(shipment)


def test_refused_file_has_its_own_message_and_the_others_continue(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(
        office.logistics,
        shipment,
        ("bad.pdf", b"%PDF-1.7 broken"),
        ("run.exe", b"MZ"),
        ("PL.pdf", files.hostile_pdf()),
    )
    assert "“bad.pdf” was not accepted." in page
    assert "“run.exe” is not a PDF, JPEG, PNG or WebP file." in page
    assert row_of_file(page, "PL.pdf")["document"] == office.document(shipment, "PKL").reference
    assert File.objects.exclude(status="rejected").count() == 1


def test_upload_of_only_unusable_files_is_refused_with_each_reason(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(office.logistics, shipment, ("a.exe", b"MZ"), ("b.pdf", b""))
    assert page.status == 422
    assert "“a.exe” is not a PDF" in page.alert
    assert "“b.pdf” is empty." in page.alert
    client = Browser(office.logistics.user).client
    assert client.post(reverse("add_documents", args=[shipment.reference]), {}).status_code == 422
    many = [files.upload(files.picture("PNG"), f"{number}.png") for number in range(21)]
    answer = client.post(reverse("add_documents", args=[shipment.reference]), {"uploads": many})
    assert answer.status_code == 422
    assert "Choose at most 20 files at once." in answer.content.decode()


def test_refused_document_keeps_its_file_and_the_others_are_saved(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(
        office.logistics, shipment, ("invoice.png", files.picture("PNG")), ("PL.png", files.picture("PNG"))
    )
    office.hand_in(office.document(shipment, "INV"))  # another person was faster
    left = page.press("Save documents")
    assert "so no newer version is currently needed" in left
    assert "Documents saved: 1." in left
    assert File.objects.get(name="invoice.png").thing_label == "procurement.customsclearance"
    assert office.document(shipment, "PKL").status == "ready"


def test_several_files_of_one_document_are_one_version(office: RequestingOffice) -> None:
    shipment = office.packed()
    page = upload_files(
        office.logistics, shipment, ("PL 1.png", files.picture("PNG")), ("PL 2.png", files.picture("PNG"))
    )
    page.press("Save documents")
    (version,) = office.document(shipment, "PKL").submissions.all()
    assert len(version.files) == 2


def test_waybill_number_of_the_shipment_is_prefilled(office: RequestingOffice) -> None:
    shipment = office.packed()
    Shipment.objects.filter(pk=shipment.pk).update(air_waybill="99912345675")
    page = upload_files(office.logistics, shipment, ("AWB.png", files.picture("PNG")))
    assert page.value(f"number-{File.objects.get().key}") == "99912345675"


@pytest.mark.parametrize(("person", "status"), [("observer", 403), ("stranger", 404)])
def test_document_upload_is_403_for_observers_and_404_for_other_cities(
    office: RequestingOffice, person: str, status: int
) -> None:
    shipment = office.packed()
    client = Browser(getattr(office, person).user).client
    photo = files.upload(files.picture("PNG"), "PL.png")
    assert (
        client.post(reverse("add_documents", args=[shipment.reference]), {"uploads": photo}).status_code
        == status
    )
    assert client.get(reverse("sort_documents", args=[shipment.reference])).status_code == status
    assert File.objects.count() == 0


def test_file_is_moved_once_within_its_city_by_people_who_may_add(office: RequestingOffice) -> None:
    shipment = office.packed()
    upload_files(office.logistics, shipment, ("PL.png", files.picture("PNG")))
    file, clearance = File.objects.get(), office.clearance(shipment, "export")
    packing, invoice = office.document(shipment, "PKL"), office.document(shipment, "INV")
    with assert_refused("not_allowed", file):
        move_file(file, clearance, packing, by=office.stranger.by, at=AT)
    with assert_refused("file_moved", file):
        move_file(file, invoice, packing, by=office.logistics.by, at=AT)  # it is at the clearance
    move_file(file, clearance, packing, by=office.logistics.by, at=AT)
    assert (file.thing_label, file.thing_id, file.kind) == ("procurement.customsdocument", packing.pk, "")
    with assert_refused("file_moved", file):
        move_file(File.objects.get(), clearance, invoice, by=office.logistics.by, at=AT)
    assert "PL.png" in Browser(office.observer.user).open(f"{packing.get_absolute_url()}?activity")
