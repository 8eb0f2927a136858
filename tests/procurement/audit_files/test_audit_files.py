"""Tests of the audit file: every document of an order, each identified by its hash.

It is requested once, built once, kept for some days and then deleted.
"""

import csv
import errno
import hashlib
import io
import json
import os
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from partners.memberships.actions import end_role
from partners.memberships.models import Membership
from procurement.audit_files import builder
from procurement.audit_files.actions import discard_audit_file, rebuild_audit_file, request_audit_file
from procurement.audit_files.builder import (
    ArchiveBuilder,
    build_waiting_audit_files,
    progress_task_name,
    safe_name,
)
from procurement.audit_files.models import AuditFile
from procurement.audit_files.rules import RETENTION
from procurement.orders.decision_memos.actions import create_memo
from procurement.tasks import clean_up
from procurement.verification.models import VerificationTask
from tests.procurement.refusals import assert_refused
from tests.workflow.files import picture
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.comments_and_files.actions import add_comment, attach_file
from workflow.journal.models import Entry
from workflow.progress import report_progress
from workflow.uploads import generated_archives
from workflow.uploads.generated_archives import Archive, archive_path, delete_orphans
from workflow.uploads.models import File
from workflow.uploads.storage import stored_path

MANIFEST = "manifest.csv"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT, settings.NUDGE = tmp_path / "files", ""


@pytest.fixture
def story(db):
    return Journey()


def attach_photo(thing, person, name: str, **facts) -> File:
    number = File.objects.count()
    photo = SimpleUploadedFile(name, picture(size=(40 + number, 30)), "image/jpeg")
    return attach_file(thing, photo, by=person.by, at=AT, **facts)


def request_bundle(story, order, person=None, language="en") -> AuditFile:
    person = person or story.observer
    return request_audit_file(order, author=person.user, language=language, by=person.by, at=AT)


def files_in(bundle: AuditFile) -> dict[str, bytes]:
    bundle.refresh_from_db()
    assert bundle.status == "ready", bundle.failure
    whole = archive_path(bundle.stored).read_bytes()
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (bundle.sha256, bundle.size)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def manifest_rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[MANIFEST].decode("utf-8-sig"))))


@pytest.fixture
def order(story):
    """Return a shipped order with a file on each of its objects, a memo and a letter."""
    line = story.line(10_000)
    promised = story.promise(line=line, inquiry=story.asked(line))
    lead, order = promised.lead, story.ready(promised)
    shipment = story.plan(order)
    create_memo(order, author=story.officer.user, by=story.officer.by, at=AT)
    check = VerificationTask.objects.order_by("pk").first()
    for thing in (line.supply_request, lead, check, order, shipment, story.supplier):
        attach_photo(thing, story.officer, f"照片 of {thing._meta.model_name}.jpg")
    add_comment(order, "=1+1 Council knows.", by=story.officer.by, at=AT, language="en")
    return order


def test_audit_file_contains_every_document_with_its_hash_in_the_manifest(story, order):
    bundle = request_bundle(story, order)
    assert build_waiting_audit_files(AT) == 1
    files = files_in(bundle)
    rows = [row for row in manifest_rows(files) if row["File"]]
    assert {row["File"] for row in rows} == set(files) - {MANIFEST, "README.txt"}
    assert len(rows) == bundle.files
    for row in rows:
        data = files[row["File"]]
        assert row["SHA-256"] == hashlib.sha256(data).hexdigest()
        assert row["Bytes"] == str(len(data))
        assert row["Type"]
        assert row["Related to"]
        assert row["When"]
    folders = {name.rpartition("/")[0].partition("/")[0] for name in files}
    assert {
        "memos",
        "letters",
        "need",
        "offers",
        "checks",
        "order",
        "shipments",
        "companies",
        "record",
    } <= folders
    for one in File.objects.filter(status="clean"):
        row = next(row for row in rows if row["SHA-256 of the uploaded file"] == one.uploaded_sha256)
        assert row["Added by"] == str(story.officer.user)
        assert files[row["File"]] == stored_path(one.stored).read_bytes()
        assert "照片" in row["File"]
    assert sum(name.startswith("memos/") for name in files) == 3
    assert files[next(name for name in files if name.startswith("letters/"))].startswith(b"%PDF")


def test_audit_file_contains_the_order_record_and_history(story, order):
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    files = files_in(bundle)
    data = json.loads(files["record/order.json"])
    kinds = {thing["kind"] for thing in data["things"]}
    assert {
        *("procurement.order", "procurement.payment", "procurement.supplierlead", "procurement.decisionmemo"),
        *("procurement.verificationtask", "procurement.shipment", "procurement.supplier"),
        *(
            "procurement.checkreport",
            "procurement.orderline",
            "procurement.shipmentline",
            "procurement.milestone",
        ),
    } <= kinds
    mine = next(thing for thing in data["things"] if thing["kind"] == "procurement.order")
    assert mine["reference"] == order.reference
    assert mine["facts"]["few_offers_reason"] == order.few_offers_reason
    assert mine["facts"]["supplier"] == story.supplier.reference
    memo = next(thing for thing in data["things"] if thing["kind"] == "procurement.decisionmemo")
    assert memo["facts"]["code"] == "•••"
    history = list(csv.DictReader(io.StringIO(files["record/history.csv"].decode("utf-8-sig"))))
    done = [(row["Related to"], row["Action"]) for row in history]
    for verb in ("draft", "approve", "place", "confirm", "ready"):
        assert (order.reference, verb) in done
    assert "'=1+1 Council knows." in files["record/comments.csv"].decode()


def test_audit_file_omits_and_counts_what_the_requester_may_not_see(story, order):
    stranger = story.stranger
    hidden = attach_photo(story.supplier, stranger, "theirs.jpg")
    add_comment(story.supplier, "Markham's own word", by=stranger.by, at=AT, language="en")
    assert hidden.status == "clean"
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    files = files_in(bundle)
    assert bundle.left_out >= 1
    everything = b"".join(files.values()).decode("utf-8", "ignore")
    assert "theirs" not in everything
    assert hidden.uploaded_sha256 not in everything
    assert "Markham" not in everything
    notes = [row["Remark"] for row in manifest_rows(files) if not row["File"]]
    assert "Files left out because you do not have access: 1" in notes
    assert "Comments left out because you do not have access: 1" in notes
    assert "Files left out because you do not have access: 1" in files["README.txt"].decode()


def test_audit_file_requested_twice_is_built_once_for_each_person(story, order):
    first = request_bundle(story, order)
    assert request_bundle(story, order).pk == first.pk
    assert build_waiting_audit_files(AT) == 1
    ready = request_bundle(story, order)
    assert (ready.pk, ready.status) == (first.pk, "ready")
    assert build_waiting_audit_files(AT) == 0
    other = request_bundle(story, order, story.officer)
    assert other.pk != first.pk
    assert not AuditFile.objects.visible_to(story.officer.by).filter(pk=first.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditFile.objects.create(
            order=order, city=order.city, by=first.by, asked_at=AT, created_at=AT, status="pending"
        )


def test_audit_file_is_requested_by_city_staff_and_discarded_by_its_requester_only(story, order):
    for person in (story.stranger,):
        with assert_refused("not_allowed"):
            request_bundle(story, order, person)
    for person in (story.approver, story.verifier, story.logistics):
        assert request_bundle(story, order, person).status == "pending"
    mine = request_bundle(story, order)
    with assert_refused("not_allowed", mine):
        discard_audit_file(mine, by=story.officer.by, at=AT)


def test_audit_file_of_a_killed_worker_is_built_by_the_next(story, order, monkeypatch):
    bundle = request_bundle(story, order)

    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ArchiveBuilder, "_add_manifest_and_foreword", die)
        with pytest.raises(Killed):
            build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    assert bundle.status == "pending"
    assert list(archive_path("").iterdir()) == []
    assert build_waiting_audit_files(AT) == 1
    assert MANIFEST in files_in(bundle)


def test_progress_of_an_audit_file_is_visible_while_it_is_built(story, order, monkeypatch):
    bundle = request_bundle(story, order)
    seen = []

    def told(task: str, done: int, total: int) -> None:
        real(task, done, total)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('application_name')")
            seen.append((done, total, cursor.fetchone()[0]))

    real = report_progress
    monkeypatch.setattr(builder, "report_progress", told)
    build_waiting_audit_files(AT)
    files_in(bundle)
    assert [done for done, _total, _name in seen] == list(range(len(seen)))
    assert {total for _done, total, _name in seen} == {len(seen)}
    assert progress_task_name(bundle) in seen[0][2]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "no_room"),
        pytest.param(
            OSError(errno.EIO, os.strerror(errno.EIO)), "internal_error", marks=pytest.mark.every_way
        ),
        (RuntimeError("a fault of ours"), "internal_error"),
    ],
)
def test_failed_audit_file_states_the_reason_and_can_be_requested_again(
    story, order, monkeypatch, error, failure
):
    bundle = request_bundle(story, order)

    def fail(*args, **kwargs):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "add_file", fail)
        build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    assert (bundle.status, bundle.failure, bundle.stored) == ("failed", failure, "")
    assert list(archive_path("").iterdir()) == []
    again = request_bundle(story, order)
    assert (again.pk, again.status, again.failure) == (bundle.pk, "pending", "")
    build_waiting_audit_files(AT)
    assert files_in(bundle)


def test_audit_file_above_the_size_limit_is_refused_before_writing(story, order, monkeypatch):
    bundle = request_bundle(story, order)
    monkeypatch.setattr(builder, "MAX_ARCHIVE_BYTES", 100)
    build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    assert (bundle.status, bundle.failure) == ("failed", "too_large")


def test_audit_file_fails_when_its_requester_lost_their_role(story, order):
    bundle = request_bundle(story, order)
    role = Membership.objects.get(user=story.observer.user)
    end_role(role, by=powers_for(cities.member("administrator", story.city)), at=AT)
    build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    assert (bundle.status, bundle.failure) == ("failed", "not_seen")


def test_missing_file_content_is_reported_in_the_audit_file(story, order):
    lost = File.objects.filter(status="clean").first()
    stored_path(lost.stored).unlink()
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    files = files_in(bundle)
    row = next(
        row for row in manifest_rows(files) if row["SHA-256 of the uploaded file"] == lost.uploaded_sha256
    )
    assert (row["SHA-256"], row["Remark"]) == (
        "",
        f"The content of “{lost.name}” has been lost. Contact your Twinlane administrator.",
    )
    assert row["File"] not in files
    assert len(files) > 10


def test_altered_file_is_named_and_left_out_of_the_audit_file(story, order, caplog):
    changed = File.objects.filter(status="clean").first()
    stored_path(changed.stored).write_bytes(b"another paper")
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    files = files_in(bundle)
    row = next(
        row for row in manifest_rows(files) if row["SHA-256 of the uploaded file"] == changed.uploaded_sha256
    )
    assert row["SHA-256"] == ""
    assert "was changed on disk after it was checked" in row["Remark"]
    assert b"another paper" not in files.values()
    assert changed.key in caplog.text
    good = [row for row in manifest_rows(files) if row["SHA-256 of the uploaded file"] and row["SHA-256"]]
    kept = {one.uploaded_sha256: one.kept_sha256 for one in File.objects.filter(status="clean")}
    assert all(row["SHA-256"] == kept[row["SHA-256 of the uploaded file"]] for row in good)


def test_unchecked_file_is_counted_as_left_out_of_the_audit_file(story, order):
    File.objects.filter(thing_label="procurement.order").update(status="unscanned")
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    notes = [row["Remark"] for row in manifest_rows(files_in(bundle)) if not row["File"]]
    assert "Files left out because they have not been checked yet: 1" in notes


def test_audit_file_and_its_bytes_are_deleted_after_their_retention_period(story, order):
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    place = archive_path(bundle.stored)
    clean_up(AT + RETENTION - timedelta(seconds=1))
    assert place.exists()
    clean_up(AT + RETENTION)
    bundle.refresh_from_db()
    assert (bundle.status, bundle.stored) == ("expired", "")
    old = place.stat().st_mtime - generated_archives.ORPHAN_AFTER_SECONDS - 1
    os.utime(place, (old, old))
    clean_up(AT + RETENTION)
    assert not place.exists()
    assert request_bundle(story, order).status == "pending"


def test_audit_file_is_rebuilt_in_place(story, order):
    bundle = request_bundle(story, order)
    build_waiting_audit_files(AT)
    bundle.refresh_from_db()
    first = bundle.stored
    attach_photo(order, story.officer, "later.jpg")
    rebuild_audit_file(bundle, language="fr-ca", by=story.observer.by, at=AT)
    build_waiting_audit_files(AT)
    files = files_in(bundle)
    assert bundle.stored != first
    assert any("later" in name for name in files)
    rows = list(csv.DictReader(io.StringIO(files[MANIFEST].decode("utf-8-sig"))))
    assert "Fichier" in rows[0]
    entries = Entry.objects.filter(thing_label="procurement.auditfile").order_by("pk")
    assert [entry.verb for entry in entries] == ["request", "finish", "rebuild", "finish"]
    assert first not in json.dumps([entry.after for entry in entries])


def test_partial_audit_files_of_dead_processes_are_deleted(own_folder):
    half, fresh = archive_path("a.part"), archive_path("b.zip")
    for path in (half, fresh):
        path.write_bytes(b"x")
    old = half.stat().st_mtime - generated_archives.UNFINISHED_AFTER_SECONDS - 1
    os.utime(half, (old, old))
    assert delete_orphans([]) == 1
    assert [path.name for path in archive_path("").iterdir()] == ["b.zip"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("licence.pdf", "01 licence.pdf"),
        ("../../etc/passwd", "01 -..-etc-passwd"),
        ("CON.pdf", "01 CON.pdf"),
        ("营业执照.jpg", "01 营业执照.jpg"),
        ("a\u202egnp.exe", "01 a gnp.exe"),
        ("  . . ", "01 file"),
        ("x" * 300 + ".pdf", "01 " + "x" * 76 + ".pdf"),
        ('q"<>|?*:.png', "01 q-------.png"),
    ],
)
def test_file_names_in_audit_file_are_readable_safe_and_limited_in_length(name, plain):
    assert safe_name(name, 1) == plain
    assert len(safe_name(name, 100)) <= 84
