"""Uploaded files of objects: received, checked, refused and served, and the remains of an interrupted upload."""

import hashlib
import os
import socket
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DataError, transaction

from tests.workflow import files
from tests.workflow.conftest import AT, ActorStub
from tests.workflow.files import hostile_pdf, photo_with_location
from workflow.actors import SYSTEM
from workflow.comments_and_files.actions import add_comment, attach_file
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.uploads import rules
from workflow.uploads.actions import accept_upload, check_file, check_pending_files
from workflow.uploads.file_types import safe_name
from workflow.uploads.models import File
from workflow.uploads.parsers import read_table
from workflow.uploads.storage import delete_unknown_files, store_bytes, stored_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def someone(user):
    return ActorStub(user.pk)


def stored_paths(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()] if media.exists() else []


def test_attached_photo_is_clean_and_stored_under_a_random_name(user, someone, media):
    data = photo_with_location()
    file = attach_file(user, files.upload(data, "certificate.jpeg"), by=someone, at=AT, kind="licence")
    assert (file.status, file.name, file.content_type, file.kind) == (
        File.Status.CLEAN,
        "certificate.jpg",
        "image/jpeg",
        "licence",
    )
    assert file.uploaded_sha256 == hashlib.sha256(data).hexdigest(), "of the bytes as they came"
    (place,) = stored_paths(media)
    assert place == stored_path(file.stored)
    assert place.stat().st_size == file.size
    assert place.stat().st_mode & 0o777 == 0o600
    assert "certificate" not in str(place)
    assert b"Secret" not in place.read_bytes()
    assert history_of(user).filter(verb="attach").get().facts == {"file": file.pk, "name": file.name}
    assert [entry.verb for entry in history_of(file)] == ["pass", "check", "receive"]


def test_pdf_is_cleaned_and_the_removed_content_recorded(user, someone):
    file = attach_file(user, files.upload(hostile_pdf(), "offer"), by=someone, at=AT)
    assert file.name == "offer.pdf"
    assert "/Launch" in history_of(file).get(verb="pass").facts["removed"]


def test_unreadable_file_is_refused_and_its_bytes_deleted(user, someone, media):
    broken = files.upload(files.picture()[:200])
    with pytest.raises(Refused) as refused:
        attach_file(user, broken, by=someone, at=AT)
    assert refused.value.code == "file_refused"
    assert "photo.jpg" in str(refused.value)
    file = File.objects.get()
    assert (file.status, file.refusal, file.stored) == (File.Status.REJECTED, "unreadable", "")
    assert file.uploaded_sha256, "so that it is known again"
    assert stored_paths(media) == []
    assert not history_of(user).filter(verb="attach").exists()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.pdf", "file_empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "large.pdf", "file_too_large"),
        (b"MZ\x90\x00" + bytes(300), "photo.jpg", "file_type"),
        (b"<html><script>1</script>", "page.pdf", "file_type"),
        (files.picture("GIF", mode="P"), "moving.jpg", "file_type"),
        (files.archive(a=b"x"), "paper.pdf", "file_type"),
    ],
    ids=["empty", "too large", "a program", "a page", "a moving picture", "an archive"],
)
def test_other_file_types_and_sizes_are_refused_before_storing(user, someone, media, data, name, code):
    with pytest.raises(Refused) as refused:
        attach_file(user, files.upload(data, name), by=someone, at=AT)
    assert refused.value.code == code
    assert not File.objects.exists()
    assert stored_paths(media) == []


def test_person_without_permission_is_refused_before_the_file_is_read(user, media):
    stranger = ActorStub(user.pk, powers=frozenset())
    with pytest.raises(Refused) as refused:
        attach_file(user, files.upload(files.picture()), by=stranger, at=AT)
    assert refused.value.code == "not_allowed"
    assert stored_paths(media) == []


def test_contact_may_attach_a_file_with_the_reporting_permission(user):
    contact = ActorStub(user.pk, powers=frozenset({"report"}))
    assert (
        attach_file(user, files.upload(files.picture()), by=contact, at=AT, power="report").status
        == File.Status.CLEAN
    )


@pytest.mark.parametrize(
    ("name", "ending", "shown"),
    [
        ("C:\\Users\\x\\licence.PDF", ".pdf", "licence.pdf"),
        ("../../etc/passwd", ".png", "passwd.png"),
        ("invoice\u202egpj.exe", ".pdf", "invoicegpj.exe.pdf"),
        ("photo.JPEG", ".jpg", "photo.jpg"),
        ("营业执照.jpg", ".jpg", "营业执照.jpg"),
        (" . ", ".webp", "file.webp"),
        ("", ".png", "file.png"),
        pytest.param("x" * 300, ".png", "x" * 150 + ".png", id="endless"),
    ],
)
def test_unsafe_file_names_are_sanitized(name, ending, shown):
    assert safe_name(name, ending) == shown


def test_no_person_can_mark_a_file_as_clean(user, someone):
    file = accept_upload(user, files.upload(files.picture()), by=someone, at=AT)
    for move in (rules.CHECK, rules.MARK_CLEAN, rules.REJECT, rules.SKIP_CHECK):
        assert move.refusal(someone, file, AT).code == "not_allowed"


def test_failed_database_row_leaves_no_bytes(user, media):
    with pytest.raises(DataError), transaction.atomic():
        accept_upload(user, files.upload(files.picture()), by=ActorStub(user.pk), at=AT, kind="x" * 31)
    assert stored_paths(media) == []


def test_failed_write_leaves_neither_bytes_nor_row(user, someone, media):
    class Breaking(files.SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        accept_upload(user, Breaking("a.jpg", files.picture()), by=someone, at=AT)
    assert stored_paths(media) == []
    assert not File.objects.exists()


class TestInterruptedChecks:
    def test_interrupted_check_is_repeated_after_a_while(self, user, someone):
        file = accept_upload(user, files.upload(files.picture()), by=someone, at=AT)
        with rules.CHECK.apply_to(file, by=SYSTEM, at=AT):
            pass
        assert check_pending_files(AT + timedelta(minutes=1)) == 0
        assert check_pending_files(AT + timedelta(minutes=6)) == 1
        file.refresh_from_db()
        assert file.status == File.Status.CLEAN

    def test_file_whose_bytes_are_missing_is_rejected(self, user, someone):
        file = accept_upload(user, files.upload(files.picture()), by=someone, at=AT)
        stored_path(file.stored).unlink()
        assert check_file(file, at=AT).status == File.Status.REJECTED

    def test_stray_bytes_are_deleted_after_a_day_and_known_files_kept(self, user, someone, media):
        file = attach_file(user, files.upload(files.picture()), by=someone, at=AT)
        fresh, old = (store_bytes([b"left behind"]) for _ in range(2))
        for stored in (old, file.stored):
            os.utime(stored_path(stored), (0, 0))
        assert delete_unknown_files() == 1
        left = {path.relative_to(media).as_posix() for path in stored_paths(media)}
        assert left == {file.stored, fresh}


class Scanner:
    """The server side of clamd's INSTREAM command."""

    def __init__(self, answer: bytes, listener: socket.socket) -> None:
        self.answer = answer
        self.got = b""
        self.listener = listener
        listener.listen()
        threading.Thread(target=self.talk, daemon=True).start()

    def talk(self) -> None:
        line, _peer = self.listener.accept()
        with line:
            assert line.recv(10, socket.MSG_WAITALL) == b"zINSTREAM\0"
            while length := int.from_bytes(line.recv(4, socket.MSG_WAITALL)):
                self.got += line.recv(length, socket.MSG_WAITALL)
            line.sendall(self.answer)


class TestScanner:
    @pytest.fixture
    def scanner(self, settings):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            settings.CLAMD_ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"
            yield lambda answer: Scanner(answer, listener)

    def attach(self, user):
        return attach_file(user, files.upload(files.picture()), by=ActorStub(user.pk), at=AT)

    def test_virus_scanner_receives_the_file_as_uploaded(self, user, scanner):
        it = scanner(b"stream: OK\0")
        file = self.attach(user)
        assert file.status == File.Status.CLEAN
        assert hashlib.sha256(it.got).hexdigest() == file.uploaded_sha256

    def test_infected_file_is_refused(self, user, scanner):
        scanner(b"stream: Eicar-Signature FOUND\0")
        with pytest.raises(Refused):
            self.attach(user)
        assert File.objects.get().refusal == "infected"

    @pytest.mark.parametrize(
        "answer", [b"INSTREAM size limit exceeded. ERROR\0", b""], ids=["too large", "nothing"]
    )
    def test_other_scanner_answer_leaves_the_file_unscanned(self, user, scanner, answer):
        scanner(answer)
        assert self.attach(user).status == File.Status.UNSCANNED

    def test_file_is_scanned_later_when_the_scanner_is_away(self, user, settings, tmp_path):
        settings.CLAMD_ADDRESS = str(tmp_path / "nobody")
        file = self.attach(user)
        assert file.status == File.Status.UNSCANNED
        assert len(stored_paths(Path(settings.MEDIA_ROOT))) == 1
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(settings.CLAMD_ADDRESS)
            Scanner(b"stream: OK\0", listener)
            assert check_pending_files(AT + timedelta(minutes=6)) == 1
        file.refresh_from_db()
        assert file.status == File.Status.CLEAN


class TestVisible:
    def test_city_sees_its_clean_files_and_each_person_their_own(self, user, add_user, someone):
        file = attach_file(user, files.upload(files.picture()), by=someone, at=AT)
        File.objects.update(city_id=7)
        stranger = ActorStub(add_user().pk)
        colleague = ActorStub(add_user().pk, visible_cities=frozenset({7}))
        assert list(File.objects.visible_to(someone)) == [file]
        assert list(File.objects.visible_to(colleague)) == [file]
        assert list(File.objects.visible_to(stranger)) == []
        File.objects.update(status=File.Status.UNSCANNED)
        assert list(File.objects.visible_to(colleague)) == []
        assert list(File.objects.visible_to(someone)) == [file]


class TestTables:
    def test_uploaded_table_is_read_without_being_stored(self, media):
        assert read_table(files.upload(files.xlsx([["a", 1]]), "list.xlsx")) == [["a", 1]]
        assert read_table(files.upload(b"a,b\n1,2\n", "list.csv")) == [["a", "b"], ["1", "2"]]
        assert stored_paths(media) == []

    def test_refused_table_explains_the_reason(self, media):
        with pytest.raises(Refused, match="macros"):
            read_table(files.upload(files.archive(vbaProject=b"x"), "list.xlsx"))
        with pytest.raises(Refused) as refused:
            read_table(files.upload(b"x" * (10 * 1024 * 1024 + 1), "list.csv"))
        assert refused.value.code == "file_too_large"
        assert stored_paths(media) == []


class TestComments:
    def test_comment_is_stored_as_typed_and_in_the_history(self, user, someone):
        said = add_comment(user, "  请看附件  ", by=someone, at=AT, language="zh-hans")
        assert (said.text, said.language, said.by_id) == ("请看附件", "zh-hans", user.pk)
        assert history_of(user).first().facts == {"comment": said.pk}

    @pytest.mark.parametrize(
        ("text", "code"),
        [("  ", "comment_empty"), ("x" * 5001, "comment_too_long")],
        ids=["empty", "endless"],
    )
    def test_empty_or_overlong_comment_is_refused(self, user, someone, text, code):
        with pytest.raises(Refused) as refused:
            add_comment(user, text, by=someone, at=AT, language="en")
        assert refused.value.code == code

    def test_comment_without_an_author_is_refused(self, user):
        with pytest.raises(Refused):
            add_comment(user, "Tick", by=ActorStub(None), at=AT, language="en")

    def test_comment_without_permission_is_refused(self, user):
        with pytest.raises(Refused):
            add_comment(user, "Hello", by=ActorStub(user.pk, powers=frozenset()), at=AT, language="en")
