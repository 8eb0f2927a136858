"""Actions that accept an uploaded file, and that check it in the sandbox."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Model
from django.utils.translation import gettext as _

from workflow.actors import SYSTEM, Actor, acting_user_id
from workflow.errors import Refused
from workflow.uploads import rules, scanner
from workflow.uploads.file_types import FILE_EXTENSIONS, Upload, accepted_type, safe_name
from workflow.uploads.models import File
from workflow.uploads.sandbox_client import run_parser
from workflow.uploads.scanner import ScanResult
from workflow.uploads.storage import delete_bytes, file_sha256, new_path, store_bytes, stored_path


def accept_upload(
    thing: Model, upload: Upload, *, by: Actor, at: datetime, kind: str = "", city_id: int | None = None
) -> File:
    """Store an uploaded file for an object and its city.

    Only its author sees the file until `check_file` finds it clean. Refuses an empty file, more than 10 MB, and
    content other than PDF, JPEG, PNG and WebP.
    """
    content_type = accepted_type(upload)
    digest = hashlib.sha256()
    stored = store_bytes(_hashed_chunks(upload, digest))
    file = File(
        thing_label=thing._meta.label_lower,
        thing_id=thing.pk,
        city_id=city_id,
        kind=kind,
        name=safe_name(upload.name or "", FILE_EXTENSIONS[content_type]),
        content_type=content_type,
        size=upload.size or 0,
        uploaded_sha256=digest.hexdigest(),
        stored=stored,
        by_id=acting_user_id(by),
    )
    try:
        return rules.RECEIVE.create(file, by=by, at=at)
    except BaseException:
        delete_bytes(stored)
        raise


def _hashed_chunks(upload: Upload, digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in upload.chunks():
        digest.update(chunk)
        yield chunk


CHECK_TIMEOUT = timedelta(minutes=5)
SANDBOX_MODULES = {
    "application/pdf": "pdf",
    "image/jpeg": "picture",
    "image/png": "picture",
    "image/webp": "picture",
}


def check_file(file: File, *, at: datetime) -> File:
    """Open the file and keep its cleaned copy, or reject the file and delete its bytes.

    If a virus scanner is configured and does not answer, the file stays unscanned and is checked again later.
    """
    uploaded_path = stored_path(file.stored)
    with rules.CHECK.apply_to(file, by=SYSTEM, at=at):
        pass
    stored, cleaned_path = new_path()
    result = run_parser(SANDBOX_MODULES[file.content_type], uploaded_path, cleaned_path)
    scan_result = ScanResult.INFECTED if "refused" in result else scanner.scan(uploaded_path)
    if scan_result is ScanResult.UNREACHABLE:
        delete_bytes(stored)
        with rules.SKIP_CHECK.apply_to(file, by=SYSTEM, at=at):
            pass
        return file
    if scan_result is ScanResult.INFECTED:
        delete_bytes(stored)
        _reject(file, result.get("refused", File.Refusal.INFECTED), at)
    else:
        cleaned_path.chmod(0o600)
        with rules.MARK_CLEAN.apply_to(file, by=SYSTEM, at=at, removed=result.get("removed", [])) as row:
            row.stored, row.kept_sha256 = stored, file_sha256(cleaned_path)
            row.size = cleaned_path.stat().st_size
            row.pages = result.get("pages", 1)
    uploaded_path.unlink(missing_ok=True)
    return file


def check_pending_files(at: datetime, limit: int = 20) -> int:
    """Check files whose check was never finished, and return how many.

    Such files remain if a process died or the virus scanner did not answer.
    """
    unchecked = list(File.objects.with_unfinished_check(at - CHECK_TIMEOUT).order_by("pk")[:limit])
    for file in unchecked:
        check_file(file, at=at)
    return len(unchecked)


def _reject(file: File, code: str, at: datetime) -> None:
    with rules.REJECT.apply_to(file, by=SYSTEM, at=at, code=code) as row:
        row.refusal = code
        row.stored = ""


def rejection_refusal(file: File) -> Refused:
    """Return the refusal that explains to the author why the file was rejected."""
    message = _("“%(name)s” was not accepted. %(reason)s") % {
        "name": file.name,
        "reason": file.get_refusal_display(),
    }
    return Refused("file_refused", message, field="file", reason=file.refusal)
