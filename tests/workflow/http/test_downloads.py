"""Signed addresses of files, and the response with the bytes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from tests.workflow import conftest, files
from tests.workflow.conftest import ActorStub
from workflow.comments_and_files.actions import attach_file
from workflow.errors import Refused
from workflow.http.downloads import file_response
from workflow.http.signed_urls import check_signature, sign_for_reader
from workflow.uploads.models import File

AT = datetime(2026, 1, 1, 12, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def refusal_code(signed: str, key: str = "k", reader: str = "user-5", at: datetime = AT) -> str:
    with pytest.raises(Refused) as caught:
        check_signature(signed, key, reader, at)
    return caught.value.code


def test_signed_file_address_works_for_its_reader_and_file_for_a_few_minutes(settings):
    settings.FILE_MINUTES = 5
    signed = sign_for_reader("k", "user-5", AT)
    for later in (0, 5, 7.9):
        check_signature(signed, "k", "user-5", AT + later * MINUTE)
    for later in (8, 60, 1_000_000):
        assert refusal_code(signed, at=AT + later * MINUTE) == "address_ended"
    assert refusal_code(signed, reader="user-55") == "address_of_another"
    assert refusal_code(signed, reader="link-5") == "address_of_another"
    assert refusal_code(signed, key="other") == "address_altered"


def test_altered_file_address_is_refused(settings):
    signed = sign_for_reader("k", "user-5", AT)
    odd = ["", ":", "user-5", "user-5.99999999999:", signed + "x", signed.replace("user-5", "user-6")]
    later = signed.replace(signed.partition(".")[2].partition(":")[0], "99999999999")
    for one in (*odd, later, signed[:-1], signed.upper()):
        assert refusal_code(one) == "address_altered", one
    settings.SECRET_KEY = "another"
    assert refusal_code(signed) == "address_altered"


def test_signed_file_address_is_unchanged_for_some_minutes_so_browsers_cache(settings):
    settings.FILE_MINUTES = 5
    first = sign_for_reader("k", "user-5", AT)
    assert sign_for_reader("k", "user-5", AT + 2.9 * MINUTE) == first
    assert sign_for_reader("k", "user-5", AT + 3 * MINUTE) != first


@pytest.mark.django_db
class TestHandOut:
    def test_clean_file_is_sent_as_an_attachment_that_cannot_run(self, user, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "files"
        file = attach_file(
            user, files.upload(files.picture(), "执照.jpg"), by=ActorStub(user.pk), at=conftest.AT
        )
        answer = file_response(file)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert len(b"".join(answer.streaming_content)) == file.size
        answer.close()

    def test_unscanned_file_gets_404(self, user):
        with pytest.raises(Http404):
            file_response(File(status=File.Status.UNSCANNED, stored="x"))
