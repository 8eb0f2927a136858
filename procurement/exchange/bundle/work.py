"""Putting an order's bundle together: files, letters, memos and lists into one ZIP, streamed, with progress. The tick calls `carry_on`.

All of it follows from rows: a worker that dies leaves a half file that is swept away, and the next one does the same again.
"""

import errno
import logging
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

from partners.rules.powers import Powers, powers_of
from procurement.exchange.bundle import lists
from procurement.exchange.bundle.lists import Line
from procurement.exchange.bundle.names import safe
from procurement.exchange.bundle.things import Belongs, of
from procurement.orders.actions.bundles import Made, fail_bundle, finish_bundle
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.memo import MemoPrint
from procurement.orders.models.order import Order
from procurement.outreach import paper
from procurement.outreach.models import SentLetter
from procurement.shipments.models.made import MadePrint
from workflow import due
from workflow.documents import made
from workflow.documents.made import Archive, chunks_of
from workflow.documents.store import kept
from workflow.due import work_off
from workflow.errors import Refused, database_is_away, database_is_busy
from workflow.models.evidence import Comment, File
from workflow.models.journal import Entry

VIA = "bundle"  # how whoever asked reads while the machine reads for them
MOST = 2  # in one tick
MOST_GIGABYTES = 2
MOST_BYTES = MOST_GIGABYTES * 10**9
CHUNK = 200  # rows at a time
log = logging.getLogger(__name__)


def carry_on(at: datetime) -> int:
    """Put together what waits, each in a transaction of its own; how many."""
    return work_off(Bundle.objects.due(), partial(_build, at=at), limit=MOST)


def task(bundle: Bundle) -> str:
    """The name under which its progress is told."""
    return f"bundle{bundle.pk}"


def _build(bundle: Bundle, at: datetime) -> None:
    with connection.cursor() as cursor:
        # Files are copied for longer than a page may leave a transaction idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    try:
        with transaction.atomic():
            _put_together(bundle, at)
    except Exception as error:
        if database_is_away(error) or database_is_busy(error):
            raise
        if not isinstance(error, Refused):
            log.exception("bundle %s could not be put together", bundle.pk)
        fail_bundle(bundle, _why(error), at=at)


def _why(error: Exception) -> str:
    """What to tell whoever waits, and what they can do."""
    if isinstance(error, Refused):
        return error.code
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return Bundle.Failure.NO_ROOM if full else Bundle.Failure.STUMBLED


def _put_together(bundle: Bundle, at: datetime) -> None:
    by = powers_of(bundle.by, via=VIA)
    order = Order.objects.visible_to(by).filter(pk=bundle.order_id).select_related("supplier", "city").first()
    if order is None:
        raise Refused(Bundle.Failure.NOT_SEEN, Bundle.Failure.NOT_SEEN.label)
    with translation.override(bundle.language or "en"), Archive() as archive:
        work = Work(bundle, order, by, at, archive)
        work.all()
    whole = made.measured(archive.name)
    told = Made(archive.name, whole.size, whole.sha256, len(work.lines), work.left_out)
    finish_bundle(bundle, told, at=at)


class Work:
    """One bundle while it is put together: what is in it so far, and what was left out."""

    def __init__(self, bundle: Bundle, order: Order, by: Powers, at: datetime, archive: Archive) -> None:
        """Nothing is in it yet."""
        self.bundle, self.order, self.by, self.at, self.archive = bundle, order, by, at, archive
        self.belongs = of(order, by)
        self.about = {one.key: one for one in self.belongs}
        self.lines: list[Line] = []
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.unseen_files = self.unseen_entries = self.unseen_comments = self.not_clean = 0

    @property
    def left_out(self) -> int:
        """How many files, entries and comments belong to it that this person may not see."""
        return self.unseen_files + self.unseen_entries + self.unseen_comments

    def all(self) -> None:
        """Everything, the manifest last."""
        files = self._files()
        prints = list(
            MemoPrint.objects.filter(memo__in=self._keys("procurement.memo"))
            .select_related("memo__author")
            .defer("words", "pdf")
            .order_by("memo", "language")
        )
        sent = list(self._letters())
        total = len(files) + len(prints) + len(sent) + len(self._keys("procurement.madepaper")) + 4
        for number, step in enumerate(self._steps(files, prints, sent)):
            due.tell(task(self.bundle), number, total)
            step()

    def _steps(
        self, files: list[File], prints: list[MemoPrint], sent: list[tuple[str, SentLetter]]
    ) -> Iterator[Any]:
        yield from (partial(self._memo, one.pk) for one in prints)
        yield from (partial(self._made, pk) for pk in self._keys("procurement.madepaper"))
        yield from (partial(self._letter, folder, letter) for folder, letter in sent)
        yield from (partial(self._file, file) for file in files)
        yield partial(self._list, "record/order.json", _("The record"), lists.record(self.belongs, self.at))
        yield partial(self._list, "record/history.csv", _("The history"), lists.history(self._entries()))
        yield partial(self._list, "record/comments.csv", _("What was said"), self._comments())
        yield self._end

    def _keys(self, label: str) -> list[int]:
        return [pk for found, pk in self.about if found == label]

    def _of_these(self) -> Q:
        """Rows that speak of the things of this order."""
        ids: defaultdict[str, list[int]] = defaultdict(list)
        for label, pk in self.about:
            ids[label].append(pk)
        return reduce(or_, (Q(thing_label=label, thing_id__in=pks) for label, pks in ids.items()))

    def _files(self) -> list[File]:
        """The clean files this person may see. Refuses more than a ZIP here may hold."""
        belonging = File.objects.filter(self._of_these())
        clean = belonging.filter(status=File.Status.CLEAN)
        seen = list(
            clean.filter(pk__in=File.objects.visible_to(self.by).values("pk"))
            .select_related("by")
            .order_by("pk")
        )
        self.unseen_files = clean.count() - len(seen)
        waiting = (File.Status.RECEIVED, File.Status.CHECKING, File.Status.UNSCANNED)
        mine = Q(city_id__in=self.by.sees) | Q(by=self.by.user_id)
        self.not_clean = belonging.filter(mine, status__in=waiting).count()
        if sum(file.size for file in seen) > MOST_BYTES:
            raise Refused(Bundle.Failure.TOO_LARGE, Bundle.Failure.TOO_LARGE.label)
        return seen

    def _letters(self) -> Iterator[tuple[str, SentLetter]]:
        """The questions as they went, and thanks as they were sent, for the things this person sees."""
        asked = SentLetter.objects.filter(inquiry__in=self._keys("procurement.inquiry"))
        rows = asked.select_related("inquiry__author", "contact__user").order_by("pk")
        yield from ((f"letters/{letter}", letter) for letter in rows)
        thanked = SentLetter.objects.filter(
            entry__in=Entry.objects.filter(self._of_these()).values("pk")
        ).select_related("entry", "contact__user")
        yield from ((f"letters/thanks/{letter}", letter) for letter in thanked.order_by("pk"))

    def _entries(self) -> Iterable[Entry]:
        """What happened to these things: their city's own, and of what no city owns what no city owns. Counts what is not told."""
        rows = Entry.objects.filter(self._of_these())
        shared = [label for label in {label for label, _pk in self.about} if _of_no_city(self._first(label))]
        seen = rows.visible_to(self.by) | rows.filter(city_id=None, thing_label__in=shared)
        self.unseen_entries = rows.count() - seen.count()
        return seen.order_by("pk").iterator(chunk_size=CHUNK)

    def _first(self, label: str) -> Model:
        return next(one.thing for key, one in self.about.items() if key[0] == label)

    def _comments(self) -> Iterator[bytes]:
        names = {key: lists.quoted(one.thing) for key, one in self.about.items()}
        rows = Comment.objects.filter(self._of_these())
        seen = rows.visible_to(self.by)
        self.unseen_comments = rows.count() - seen.count()
        told = seen.select_related("by").order_by("pk").iterator(chunk_size=CHUNK)
        yield from lists.comments(told, names)

    def _memo(self, pk: int) -> None:
        one = MemoPrint.objects.select_related("memo__author").get(pk=pk)
        line = Line(
            f"memos/{one.memo}-{one.language}.pdf",
            _("Decision memo"),
            one.memo.reference,
            str(one.memo.author),
            one.memo.created_at,
        )
        self._add(line, [bytes(one.pdf)])

    def _made(self, pk: int) -> None:
        """A paper made from the record, as it was printed."""
        one = MadePrint.objects.select_related("paper__author").get(paper=pk)
        made = one.paper
        path = f"made/{made.thing.replace(' ', '-')}/{made.kind}-{made}.pdf"
        line = Line(path, made.get_kind_display(), made.reference, str(made.author), made.created_at)
        self._add(line, [bytes(one.pdf)])

    def _letter(self, path: str, letter: SentLetter) -> None:
        inquiry = letter.inquiry
        what = _("Question, as it went") if inquiry else _("Letter of thanks")
        by = str(inquiry.author) if inquiry else ""
        reference = inquiry.reference if inquiry else str(letter)
        folder, _slash, name = path.rpartition("/")
        self.counts[folder] += 1
        line = Line(
            f"{folder}/{safe(f'{name}.pdf', self.counts[folder])}", what, reference, by, letter.sent_at
        )
        try:
            pdf = paper.printed(letter).pdf
        except Refused as refused:
            self.lines.append(Line(**{**vars(line), "note": str(refused.message)}))
            return
        self._add(line, [pdf])

    def _file(self, file: File) -> None:
        """One file as it is handed out: its cleaned copy. One whose bytes are lost or changed is named, and keeps no other out."""
        one: Belongs = self.about[file.thing_label, file.thing_id]
        self.counts[one.folder] += 1
        path = f"{one.folder}/{safe(file.name, self.counts[one.folder])}"
        line = Line(
            path,
            file.kind or _("File"),
            lists.quoted(one.thing),
            str(file.by),
            file.created_at,
            received=file.uploaded_sha256,
        )
        try:
            place = kept(file)
        except Refused as refused:
            self.lines.append(Line(**{**vars(line), "note": str(refused.message)}))
            return
        self._add(line, chunks_of(place))

    def _list(self, path: str, what: str, chunks: Iterable[bytes]) -> None:
        self._add(Line(path, what, self.order.reference, "Twinlane", self.at), chunks, packed=True)

    def _end(self) -> None:
        """The manifest of all that is in it, and a foreword."""
        self.archive.put("manifest.csv", lists.manifest(self.lines, self._notes()), packed=True)
        self.archive.put("README.txt", [self._foreword().encode()], packed=True)

    def _notes(self) -> Iterator[str]:
        """What is not in here."""
        if self.unseen_files:
            yield _("Left out, because you may not see them: files: %(n)s") % {"n": self.unseen_files}
        if self.unseen_entries:
            yield _("Left out, because you may not see them: entries of the history: %(n)s") % {
                "n": self.unseen_entries
            }
        if self.unseen_comments:
            yield _("Left out, because you may not see them: comments: %(n)s") % {"n": self.unseen_comments}
        if self.not_clean:
            yield _("Not in here, because they are not checked yet: files: %(n)s") % {"n": self.not_clean}

    def _foreword(self) -> str:
        told = {
            "order": self.order.reference,
            "moment": self.at.isoformat(timespec="seconds"),
            "name": self.bundle.by,
            "n": len(self.lines),
        }
        return "\r\n".join(
            (
                _("Every paper of %(order)s, put together for %(name)s as of %(moment)s.") % told,
                _("Files: %(n)s. manifest.csv says of each what it is, who brought it and when.") % told,
                _(
                    "Its SHA-256 is that of the file in here; the one beside it that of the bytes as they came, "
                    "before they were cleaned."
                ),
                *self._notes(),
                "",
            )
        )

    def _add(self, line: Line, chunks: Iterable[bytes], *, packed: bool = False) -> None:
        part = self.archive.put(line.path, chunks, packed=packed)
        self.lines.append(Line(**{**vars(line), "size": part.size, "sha256": part.sha256}))


def _of_no_city(thing: Model) -> bool:
    return hasattr(thing, "city_id") and thing.city_id is None
