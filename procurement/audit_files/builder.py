"""Building of an order's audit file: files, letters, memos and lists in one ZIP, with progress.

The periodic job calls `build_waiting_audit_files`. Everything is built from stored rows: if a worker dies, its
unfinished file is removed, and the next worker starts again.
"""

import errno
import logging
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import translation
from django.utils.translation import gettext as _

from partners.permissions.permissions import Permissions, permissions_of
from procurement.audit_files.actions import BuiltArchive, fail_audit_file, finish_audit_file
from procurement.audit_files.archive_lists import (
    ManifestLine,
    comments_csv,
    display_reference,
    history_csv,
    manifest_csv,
    record_json,
)
from procurement.audit_files.contents import FolderItem, order_items
from procurement.audit_files.models import AuditFile
from procurement.documents.models.generated_documents import GeneratedDocumentFile
from procurement.orders.decision_memos.models import DecisionMemoFile
from procurement.orders.models import Order
from procurement.outreach.letter_pdf import render_sent_letter
from procurement.outreach.models.letters import SentLetter
from workflow.comments_and_files.models import Comment
from workflow.due_rows import process_due
from workflow.errors import Refused, database_is_busy, database_is_unavailable
from workflow.journal.models import Entry
from workflow.progress import report_progress
from workflow.uploads import generated_archives
from workflow.uploads.generated_archives import Archive, read_chunks
from workflow.uploads.models import File
from workflow.uploads.storage import clean_path

ARCHIVE_READING_VIA = "bundle"  # `via` of the requesting user's powers while the system reads for them
MAX_AUDIT_FILES_PER_RUN = 2  # audit files per run of the periodic job
MAX_ARCHIVE_GIGABYTES = 2
MAX_ARCHIVE_BYTES = MAX_ARCHIVE_GIGABYTES * 10**9
ROWS_PER_CHUNK = 200  # rows at a time
MAX_FILE_NAME_LENGTH = 80  # characters of a name; with its folders far below the limit of Windows
# Characters with a special meaning in file systems: separators, wildcards and streams.
FORBIDDEN_CHARACTERS = re.compile(r'[\\/:*?"<>|]')
log = logging.getLogger(__name__)


def build_waiting_audit_files(at: datetime) -> int:
    """Build the waiting audit files, each in its own transaction. Return their number."""
    return process_due(AuditFile.objects.due(), partial(_build, at=at), limit=MAX_AUDIT_FILES_PER_RUN)


def progress_task_name(bundle: AuditFile) -> str:
    """Return the task name under which the progress of an audit file is published."""
    return f"bundle{bundle.pk}"


def _build(bundle: AuditFile, at: datetime) -> None:
    with connection.cursor() as cursor:
        # Copying files takes longer than the idle limit for transactions of web pages.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    try:
        with transaction.atomic():
            _write_archive(bundle, at)
    except Exception as error:
        if database_is_unavailable(error) or database_is_busy(error):
            raise
        if not isinstance(error, Refused):
            log.exception("bundle %s could not be put together", bundle.pk)
        fail_audit_file(bundle, _failure_code(error), at=at)


def _failure_code(error: Exception) -> str:
    """Return the code of the failure to show to the waiting user."""
    if isinstance(error, Refused):
        return error.code
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return AuditFile.Failure.DISK_FULL if full else AuditFile.Failure.INTERNAL_ERROR


def _write_archive(bundle: AuditFile, at: datetime) -> None:
    by = permissions_of(bundle.by, via=ARCHIVE_READING_VIA)
    order = Order.objects.visible_to(by).filter(pk=bundle.order_id).select_related("supplier", "city").first()
    if order is None:
        raise Refused(AuditFile.Failure.ORDER_NOT_VISIBLE, AuditFile.Failure.ORDER_NOT_VISIBLE.label)
    with translation.override(bundle.language or "en"), Archive() as archive:
        work = ArchiveBuilder(bundle, order, by, at, archive)
        work.build()
    whole = generated_archives.archive_info(archive.name)
    values = BuiltArchive(archive.name, whole.size, whole.sha256, len(work.lines), work.omitted_count)
    finish_audit_file(bundle, values, at=at)


class ArchiveBuilder:
    """Builder of one audit file, which counts the files, entries and comments that it leaves out."""

    def __init__(
        self, bundle: AuditFile, order: Order, by: Permissions, at: datetime, archive: Archive
    ) -> None:
        """Collect the items of the order. The archive is still empty."""
        self.bundle, self.order, self.by, self.at, self.archive = bundle, order, by, at, archive
        self.belongs = order_items(order, by)
        self.about = {one.key: one for one in self.belongs}
        self.lines: list[ManifestLine] = []
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.unseen_files = self.unseen_entries = self.unseen_comments = self.not_clean = 0

    @property
    def omitted_count(self) -> int:
        """Number of files, entries and comments left out because the user may not see them."""
        return self.unseen_files + self.unseen_entries + self.unseen_comments

    def build(self) -> None:
        """Add everything to the archive, the manifest last."""
        files = self._files()
        prints = list(
            DecisionMemoFile.objects.filter(memo__in=self._primary_keys("procurement.decisionmemo"))
            .select_related("memo__author")
            .defer("words", "pdf")
            .order_by("memo", "language")
        )
        sent = list(self._letters())
        total = (
            len(files)
            + len(prints)
            + len(sent)
            + len(self._primary_keys("procurement.generateddocument"))
            + 4
        )
        for number, step in enumerate(self._steps(files, prints, sent)):
            report_progress(progress_task_name(self.bundle), number, total)
            step()

    def _steps(
        self, files: list[File], prints: list[DecisionMemoFile], sent: list[tuple[str, SentLetter]]
    ) -> Iterator[Any]:
        yield from (partial(self._add_memo, one.pk) for one in prints)
        yield from (
            partial(self._add_generated, pk) for pk in self._primary_keys("procurement.generateddocument")
        )
        yield from (partial(self._add_letter, folder, letter) for folder, letter in sent)
        yield from (partial(self._add_file, file) for file in files)
        yield partial(self._add_list, "record/order.json", _("Record"), record_json(self.belongs, self.at))
        yield partial(self._add_list, "record/history.csv", _("History"), history_csv(self._entries()))
        yield partial(self._add_list, "record/comments.csv", _("Comments"), self._comments())
        yield self._add_manifest_and_foreword

    def _primary_keys(self, label: str) -> list[int]:
        return [pk for found, pk in self.about if found == label]

    def _about_order_items(self) -> Q:
        """Return the condition for rows about the items of this order."""
        ids: defaultdict[str, list[int]] = defaultdict(list)
        for label, pk in self.about:
            ids[label].append(pk)
        return reduce(or_, (Q(thing_label=label, thing_id__in=pks) for label, pks in ids.items()))

    def _files(self) -> list[File]:
        """Return the clean files the user may see. Refuses more bytes than a ZIP here may hold."""
        belonging = File.objects.filter(self._about_order_items())
        clean = belonging.filter(status=File.Status.CLEAN)
        seen = list(
            clean.filter(pk__in=File.objects.visible_to(self.by).values("pk"))
            .select_related("by")
            .order_by("pk")
        )
        self.unseen_files = clean.count() - len(seen)
        mine = Q(city_id__in=self.by.visible_cities) | Q(by=self.by.user_id)
        self.not_clean = belonging.filter(mine, status__in=File.Status.open).count()
        if sum(file.size for file in seen) > MAX_ARCHIVE_BYTES:
            raise Refused(AuditFile.Failure.TOO_LARGE, AuditFile.Failure.TOO_LARGE.label)
        return seen

    def _letters(self) -> Iterator[tuple[str, SentLetter]]:
        """Yield the inquiries and thank-yous as they were sent, for the items the user may see."""
        letters = SentLetter.objects.filter(inquiry__in=self._primary_keys("procurement.inquiry"))
        rows = letters.select_related("inquiry__author", "contact__user").order_by("pk")
        yield from ((f"letters/{letter}", letter) for letter in rows)
        thanked = SentLetter.objects.filter(
            entry__in=Entry.objects.filter(self._about_order_items()).values("pk")
        ).select_related("entry", "contact__user")
        yield from ((f"letters/thanks/{letter}", letter) for letter in thanked.order_by("pk"))

    def _entries(self) -> Iterable[Entry]:
        """Return the journal entries of these items that the user may see, and count the others.

        Entries about items of no city are included if they belong to no city themselves.
        """
        rows = Entry.objects.filter(self._about_order_items())
        shared = [
            label for label in {label for label, _pk in self.about} if _has_no_city(self._first_item(label))
        ]
        seen = rows.visible_to(self.by) | rows.filter(city_id=None, thing_label__in=shared)
        self.unseen_entries = rows.count() - seen.count()
        return seen.order_by("pk").iterator(chunk_size=ROWS_PER_CHUNK)

    def _first_item(self, label: str) -> Model:
        return next(one.item for key, one in self.about.items() if key[0] == label)

    def _comments(self) -> Iterator[bytes]:
        names = {key: display_reference(one.item) for key, one in self.about.items()}
        rows = Comment.objects.filter(self._about_order_items())
        seen = rows.visible_to(self.by)
        self.unseen_comments = rows.count() - seen.count()
        values = seen.select_related("by").order_by("pk").iterator(chunk_size=ROWS_PER_CHUNK)
        yield from comments_csv(values, names)

    def _add_memo(self, pk: int) -> None:
        one = DecisionMemoFile.objects.select_related("memo__author").get(pk=pk)
        line = ManifestLine(
            f"memos/{one.memo}-{one.language}.pdf",
            _("Decision memo"),
            one.memo.reference,
            str(one.memo.author),
            one.memo.created_at,
        )
        self._add(line, [bytes(one.pdf)])

    def _add_generated(self, pk: int) -> None:
        """Add a generated document as it was printed."""
        one = GeneratedDocumentFile.objects.select_related("document__author").get(document=pk)
        created = one.document
        path = f"made/{created.thing.replace(' ', '-')}/{created.kind}-{created}.pdf"
        line = ManifestLine(
            path, created.get_kind_display(), created.reference, str(created.author), created.created_at
        )
        self._add(line, [bytes(one.pdf)])

    def _add_letter(self, path: str, letter: SentLetter) -> None:
        inquiry = letter.inquiry
        what = _("Inquiry as sent") if inquiry else _("Letter of thanks")
        by = str(inquiry.author) if inquiry else ""
        reference = inquiry.reference if inquiry else str(letter)
        folder, _slash, name = path.rpartition("/")
        self.counts[folder] += 1
        line = ManifestLine(
            f"{folder}/{safe_name(f'{name}.pdf', self.counts[folder])}", what, reference, by, letter.sent_at
        )
        try:
            pdf = render_sent_letter(letter).pdf
        except Refused as refused:
            self.lines.append(ManifestLine(**{**vars(line), "note": str(refused.message)}))
            return
        self._add(line, [pdf])

    def _add_file(self, file: File) -> None:
        """Add the cleaned copy of a file.

        A file whose bytes are lost or changed is only listed in the manifest; the other files are still added.
        """
        one: FolderItem = self.about[file.thing_label, file.thing_id]
        self.counts[one.folder] += 1
        path = f"{one.folder}/{safe_name(file.name, self.counts[one.folder])}"
        line = ManifestLine(
            path,
            file.kind or _("File"),
            display_reference(one.item),
            str(file.by),
            file.created_at,
            uploaded_sha256=file.uploaded_sha256,
        )
        try:
            place = clean_path(file)
        except Refused as refused:
            self.lines.append(ManifestLine(**{**vars(line), "note": str(refused.message)}))
            return
        self._add(line, read_chunks(place))

    def _add_list(self, path: str, what: str, chunks: Iterable[bytes]) -> None:
        self._add(ManifestLine(path, what, self.order.reference, "Twinlane", self.at), chunks, packed=True)

    def _add_manifest_and_foreword(self) -> None:
        """Add the manifest and the foreword."""
        self.archive.add_file("manifest.csv", manifest_csv(self.lines, self._notes()), packed=True)
        self.archive.add_file("README.txt", [self._foreword().encode()], packed=True)

    def _notes(self) -> Iterator[str]:
        """Yield the notes on omitted files, entries and comments."""
        if self.unseen_files:
            yield _("Files left out because you do not have access: %(n)s") % {"n": self.unseen_files}
        if self.unseen_entries:
            yield _("History entries left out because you do not have access: %(n)s") % {
                "n": self.unseen_entries
            }
        if self.unseen_comments:
            yield _("Comments left out because you do not have access: %(n)s") % {"n": self.unseen_comments}
        if self.not_clean:
            yield _("Files left out because they have not been checked yet: %(n)s") % {"n": self.not_clean}

    def _foreword(self) -> str:
        params = {
            "order": self.order.reference,
            "moment": self.at.isoformat(timespec="seconds"),
            "name": self.bundle.by,
            "n": len(self.lines),
        }
        return "\r\n".join(
            (
                _("All documents of %(order)s, collected for %(name)s as of %(moment)s.") % params,
                _("Files: %(n)s. For each file, manifest.csv shows what it is, who added it and when.")
                % params,
                _(
                    "The SHA-256 value is for the file in this archive. The value next to it is "
                    "for the original file, before it was cleaned."
                ),
                *self._notes(),
                "",
            )
        )

    def _add(self, line: ManifestLine, chunks: Iterable[bytes], *, packed: bool = False) -> None:
        part = self.archive.add_file(line.path, chunks, packed=packed)
        self.lines.append(ManifestLine(**{**vars(line), "size": part.size, "sha256": part.sha256}))


def _has_no_city(thing: Model) -> bool:
    return hasattr(thing, "city_id") and thing.city_id is None


def safe_name(name: str, number: int) -> str:
    """Return a file name that is readable, in any script, and valid on every operating system.

    The number in front makes each name unique and prevents the reserved device names of Windows (CON, NUL).
    """
    seen = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", name)
    )
    plain = re.sub(r" +", " ", FORBIDDEN_CHARACTERS.sub("-", seen)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not stem:
        stem, dot, ending = plain, "", ""
    short = (
        f"{stem[: MAX_FILE_NAME_LENGTH - len(ending) - 1].rstrip(' .')}{dot}{ending}"
        if len(plain) > MAX_FILE_NAME_LENGTH
        else plain
    )
    return f"{number:02d} {short or 'file'}"
