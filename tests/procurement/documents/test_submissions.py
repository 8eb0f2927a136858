"""Tests of the versions of a document: submitted, accepted or rejected by the city, and replaced.

All versions are kept, with a mark on the one that customs received.
"""

from typing import Any

import pytest

from procurement.documents.actions.documents import (
    record_document_filing,
    record_document_query,
    record_document_refusal,
    start_new_version,
)
from procurement.documents.actions.requests import cancel_request
from procurement.documents.actions.submissions import (
    accept_submission,
    return_submission,
    submit_document,
    upload_document,
)
from procurement.documents.models.requests import DocumentSubmission
from procurement.documents.queries import (
    current_submissions,
    document_request_actor,
    matching_generated_documents,
    requested_documents,
)
from procurement.generated_documents.actions import generate_document
from procurement.logistics.actions.journey import cancel_shipment
from procurement.logistics.actions.planning import assign_broker
from tests.procurement.documents.test_requests import messages_by_address
from tests.procurement.refusals import assert_refused
from tests.workflow import files
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT, LATER
from workflow.comments_and_files.actions import attach_file
from workflow.journal.models import Entry


def reloaded(story: RequestingOffice, version: DocumentSubmission) -> DocumentSubmission:
    version.refresh_from_db()
    return version


def test_document_submitted_by_link_waits_for_acceptance(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    version = story.submitted_version(request, number="INV-7", remark="有公章")
    document = story.document(request.shipment, "INV")
    assert (version.status, version.number, version.author) == ("received", 1, request.person)
    assert (document.status, document.number) == ("in_progress", "")
    assert list(messages_by_address(version, "submit")) == [story.officer.user.email]
    accept_submission(version, by=story.officer.by, at=LATER)
    document.refresh_from_db()
    assert (version.status, version.reviewed_at) == ("accepted", LATER)
    assert (document.status, document.number, document.version) == ("ready", "INV-7", 1)
    assert list(messages_by_address(version, "accept")) == [request.email]
    assert current_submissions(request.shipment)[document.pk] == version


def test_returned_document_needs_a_reason_and_is_submitted_again(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    first = story.submitted_version(request)
    with assert_refused("reason_missing", first):
        return_submission(first, reason=" ", by=story.officer.by, at=AT)
    return_submission(first, reason="No stamp on it.", by=story.officer.by, at=AT)
    assert (first.status, first.answer) == ("returned", "No stamp on it.")
    mail = messages_by_address(first, "return")[request.email]
    assert "No stamp on it." in mail.body
    assert mail.link["thing_id"] == request.pk
    (row,) = [one for one in requested_documents(request) if one.document.code == "INV"]
    assert (row.comment, row.is_submission_expected) == ("No stamp on it.", True)
    second = story.submitted_version(request)
    assert (second.number, story.document(request.shipment, "INV").version) == (2, 2)
    with assert_refused("wrong_status", first):
        accept_submission(first, by=story.officer.by, at=AT)


def test_newer_version_replaces_an_unreviewed_one_and_both_are_kept(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    first, second = story.submitted_version(request), story.submitted_version(request)
    assert (reloaded(story, first).status, second.status) == ("superseded", "received")
    assert [one.number for one in second.document.submissions.order_by("number")] == [1, 2]


def test_newer_version_of_a_ready_document_waits_beside_it(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    first = story.accepted_version(request)
    second = story.submitted_version(request, number="INV-8")
    assert current_submissions(request.shipment)[first.document_id] == first
    accept_submission(second, by=story.officer.by, at=AT)
    document = story.document(request.shipment, "INV")
    assert (document.status, document.number) == ("ready", "INV-8")
    assert current_submissions(request.shipment)[first.document_id] == second
    third = story.accepted_version(request)
    assert story.document(request.shipment, "INV").number == "INV-8"  # no newer number was given
    assert reloaded(story, third).status == "accepted"


def test_version_filed_with_customs_is_recorded_and_a_refused_one_starts_again(
    story: RequestingOffice,
) -> None:
    request = story.request(story.plan())
    first = story.accepted_version(request)
    document = story.document(request.shipment, "INV")
    record_document_filing(document, by=story.officer.by, at=LATER)
    assert reloaded(story, first).filed_at == LATER
    photo = story.photo(request, document)
    with assert_refused("not_ready", first):
        submit_document(request, document, files=[photo.pk], by=document_request_actor(request), at=AT)
    record_document_refusal(document, reason="The value is missing.", by=story.officer.by, at=LATER)
    assert "The value is missing." in messages_by_address(request, "reopen")[request.email].body
    (row,) = [one for one in requested_documents(request) if one.document.code == "INV"]
    assert (row.comment, row.is_submission_expected) == ("The value is missing.", True)
    second = story.submitted_version(request)
    document.refresh_from_db()
    assert (second.number, document.version, document.status) == (2, 2, "in_progress")
    assert reloaded(story, second).filed_at is None


def test_version_started_by_staff_is_the_one_submitted_next(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    story.accepted_version(request)
    document = story.document(request.shipment, "INV")
    record_document_filing(document, by=story.officer.by, at=AT)
    record_document_refusal(document, reason="?", by=story.officer.by, at=AT)
    start_new_version(document, by=story.officer.by, at=AT)
    assert story.submitted_version(request).number == 2


def test_customs_query_is_answered_with_a_newer_version(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    story.accepted_version(request)
    document = story.document(request.shipment, "INV")
    record_document_filing(document, by=story.officer.by, at=AT)
    record_document_query(document, reason="Which model?", by=story.officer.by, at=AT)
    second = story.accepted_version(request)
    document.refresh_from_db()
    assert document.status == "queried"  # the city itself answers customs
    record_document_filing(document, by=story.officer.by, at=LATER)
    assert reloaded(story, second).filed_at == LATER


def test_submitter_cannot_accept_their_own_document(story: RequestingOffice) -> None:
    officer = story.second_officer.user
    request = story.request(story.plan(), email=officer.email, name="Myself")
    version = story.submitted_version(request)
    with assert_refused("not_allowed", version):
        accept_submission(version, by=story.second_officer.by, at=AT)
    for who in (story.observer, story.stranger, story.broker):
        with assert_refused("not_allowed", version):
            accept_submission(version, by=who.by, at=AT)
        with assert_refused("not_allowed", version):
            return_submission(version, reason="?", by=who.by, at=AT)
    accept_submission(version, by=story.officer.by, at=AT)


def test_submission_needs_a_document_of_the_request_and_a_file(story: RequestingOffice) -> None:
    shipment = story.plan()
    request, other = story.request(shipment), story.request(shipment, "forwarder")
    document, theirs = story.document(shipment, "INV"), story.document(shipment, "AWB")
    by = document_request_actor(request)

    def handed_in(which: Any, *ids: int) -> None:
        submit_document(request, which, files=list(ids), by=by, at=AT)

    with assert_refused("file_missing", document):
        handed_in(document)
    with assert_refused("not_theirs", theirs):
        handed_in(theirs)
    foreign = story.photo(other, theirs)
    used = story.submitted_version(request).files
    for pk in (foreign.pk, used[0], 10_000_000):
        with assert_refused("not_of_paper", document):
            handed_in(document, pk)
    many = [story.photo(request, document).pk for _one in range(21)]
    with assert_refused("too_many_files", document):
        handed_in(document, *many)
    cancel_request(request, by=story.officer.by, at=AT, real_at=AT)
    with assert_refused("wrong_status", document):
        handed_in(document, many[0])


def test_document_of_a_cancelled_shipment_cannot_be_submitted(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    document = story.document(request.shipment, "INV")
    photo = story.photo(request, document)
    cancel_shipment(request.shipment, reason="a test", by=story.officer.by, at=AT)
    with assert_refused("not_ready", document):
        submit_document(request, document, files=[photo.pk], by=document_request_actor(request), at=AT)


def test_version_submitted_by_staff_is_accepted_at_once(story: RequestingOffice) -> None:
    shipment = story.plan()
    document, by = story.document(shipment, "MDEL", "import"), story.logistics.by
    file = attach_file(document, files.upload(files.picture("PNG"), "licence.png"), by=by, at=AT)
    with assert_refused("file_missing", document):
        upload_document(document, author=story.logistics.user, by=by, at=AT)
    with assert_refused("not_allowed", document):
        upload_document(document, files=[file.pk], author=story.observer.user, by=story.observer.by, at=AT)
    version = upload_document(
        document, files=[file.pk], number="MDEL 1", author=story.logistics.user, by=by, at=AT
    )
    document.refresh_from_db()
    assert (version.status, document.status, document.number) == ("accepted", "ready", "MDEL 1")
    assert messages_by_address(version, "accept") == messages_by_address(version, "submit") == {}


def test_assigned_broker_submits_a_document_on_its_page(story: RequestingOffice) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    document, by = story.document(shipment, "RELEASE", "import"), story.broker.by
    file = attach_file(document, files.upload(files.picture("PNG"), "pars.png"), by=by, at=AT)
    version = upload_document(document, files=[file.pk], author=story.broker.user, by=by, at=AT)
    assert version in DocumentSubmission.objects.visible_to(by)
    assert version not in DocumentSubmission.objects.visible_to(story.stranger.by)


def test_version_submitted_by_a_broker_does_not_replace_one_awaiting_review(story: RequestingOffice) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    first = story.submitted_version(story.request(shipment, "broker"), "RELEASE", "import")
    by, document = story.broker.by, story.document(shipment, "RELEASE", "import")
    file = attach_file(document, files.upload(files.picture("PNG"), "pars.png"), by=by, at=AT)
    upload_document(document, files=[file.pk], author=story.broker.user, by=by, at=AT)
    assert reloaded(story, first).status == "received"


def test_generated_document_becomes_the_customs_document(story: RequestingOffice) -> None:
    shipment = story.packed()
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    made = [
        generate_document("packing_list", language_pair=language_pair, shipment=shipment, **who)
        for language_pair in ("en", "zh-en")
    ]
    document = story.document(shipment, "PKL")
    assert matching_generated_documents(document) == [made[1]]
    with assert_refused("not_of_paper", document):
        upload_document(document, generated=[made[0]], **who)
    version = upload_document(document, generated=[made[1]], **who)
    assert (version.generated, version.files) == ([made[1].pk], [])
    assert story.document(shipment, "PKL").status == "ready"
    assert matching_generated_documents(story.document(shipment, "AWB")) == []


def test_generated_form_is_offered_for_completion_to_the_only_company(story: RequestingOffice) -> None:
    shipment = story.packed()
    made = generate_document(
        "exporter_data",
        language_pair="zh-en",
        shipment=shipment,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    request = story.request(shipment)
    sheets = {row.document.code: row.data_sheet for row in requested_documents(request) if row.data_sheet}
    assert sheets == {"DECL5": made}


@pytest.mark.parametrize(("text", "found"), [("CP-2020", 1), ("SH-2020", 1), ("CP-2021", 0)])
def test_submissions_are_found_by_document_or_shipment(
    story: RequestingOffice, text: str, found: int
) -> None:
    request = story.request(story.plan())
    story.submitted_version(request)
    assert DocumentSubmission.objects.search(text).count() == found
    assert type(request).objects.search(text.replace("CP", "HI")).count() == found
    assert str(story.submitted_version(request)).startswith("Commercial invoice, version 2")
    assert Entry.objects.filter(thing_label="procurement.documentsubmission", verb="replace").count() == 1
