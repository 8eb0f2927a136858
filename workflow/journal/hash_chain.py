"""Hash chain over the journal: sealing entries, and finding entries that do not match.

The chain reveals when a sealed entry is changed, removed or inserted, even by a superuser. A cut at the end
of the chain is found by comparison with a head (the digest of the newest seal) that was noted before, for
example printed in a memo. Sealing never delays the writing of an entry.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from workflow.journal.models import Entry, FeedPosition, Seal, UnsealedEntry

SEAL_LOCK = 0x5EA1  # the advisory lock under which one sealer works at a time
MAX_ENTRIES_PER_SEAL = 1000  # entries under one seal
_NOT_SEALED = frozenset({"announced_at"})  # written later, by the periodic job


@dataclass(frozen=True)
class VerificationResult:
    """Result of a verification.

    `head_digest` is the digest of the last intact seal; `seal_count` and `entry_count` count what was compared. `problem` names the
    first item that does not match, and is empty for an intact chain; `entry_id` is the entry concerned, if any.
    """

    head_digest: str
    seal_count: int
    entry_count: int
    problem: str = ""
    entry_id: int | None = None


def entry_digest(entry: Entry) -> str:
    """Return the SHA-256 over all facts of an entry."""
    facts = {
        f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields if f.name not in _NOT_SEALED
    }
    text = json.dumps(
        facts, cls=_MicrosecondJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


class _MicrosecondJSONEncoder(DjangoJSONEncoder):
    """JSON encoder that keeps microseconds (Django's own cuts moments to milliseconds)."""

    def default(self, o: object) -> object:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def chained_digest(link: Seal) -> str:
    """Return the SHA-256 over a seal and, through `previous`, over everything before it."""
    facts = [link.previous, link.sealed_at.astimezone(UTC).isoformat(), link.entry_ids, link.entry_digests]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def seal_entries(most: int = MAX_ENTRIES_PER_SEAL) -> int:
    """Put one seal over the entries that have none, in the order of their ids, and return how many.

    An entry whose transaction ends late, after higher ids were sealed, stays in `UnsealedEntry` like every other
    and is covered by the next seal. Does nothing while another sealer works.
    """
    with transaction.atomic():
        now = _time_if_only_sealer()
        if now is None:
            return 0
        entries = list(Entry.objects.filter(pk__in=UnsealedEntry.objects.values("pk")).order_by("pk")[:most])
        if not entries:
            return 0
        link = Seal(
            previous=chain_head(),
            sealed_at=now,
            entry_ids=[entry.pk for entry in entries],
            entry_digests=[entry_digest(entry) for entry in entries],
        )
        link.digest = chained_digest(link)
        link.save(force_insert=True)
        # An entry that was put back into UnsealedEntry keeps its place; `verify_chain` finds it.
        FeedPosition.objects.bulk_create(
            (FeedPosition(entry=entry) for entry in entries), ignore_conflicts=True
        )
        UnsealedEntry.objects.filter(pk__in=link.entry_ids).delete()
    return len(entries)


def chain_head() -> str:
    """Return the digest of the newest seal.

    A person who notes it can prove later that nothing before it was changed or cut.
    """
    return Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or ""


def verify_chain(noted_head: str = "") -> VerificationResult:
    """Compare the whole chain with the entries, and stop at the first item that does not match.

    If a head noted before is given, also check that the chain still holds it.
    """
    previous, heads, seen = "", {""}, set[int]()
    count = 0
    for count, link in enumerate(Seal.objects.order_by("pk").iterator(chunk_size=100), start=1):
        problem = _seal_problem(link, previous, seen)
        if problem:
            return VerificationResult(previous, count, len(seen), *problem)
        previous = link.digest
        heads.add(previous)
    if noted_head not in heads:
        return VerificationResult(
            previous,
            count,
            len(seen),
            "the chain does not hold the noted head: its end was cut or it was rewritten",
        )
    stray = _first_uncovered_entry()
    if stray is not None:
        return VerificationResult(
            previous, count, len(seen), f"entry {stray} is under no seal and does not wait for one", stray
        )
    return VerificationResult(previous, count, len(seen))


def _seal_problem(link: Seal, previous: str, seen: set[int]) -> tuple[str, int | None] | None:
    """Return the problem of one seal, and the entry in which it appears; None for a sound seal."""
    if len(link.entry_ids) != len(link.entry_digests) or not link.entry_ids:
        return f"seal {link.pk} is not whole", None
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=link.entry_ids)}
    for entry_id, digest in zip(link.entry_ids, link.entry_digests, strict=True):
        if entry_id in seen:
            return f"entry {entry_id} is under two seals", entry_id
        if entry_id not in entries:
            return f"entry {entry_id} is missing", entry_id
        if entry_digest(entries[entry_id]) != digest:
            return f"entry {entry_id} is not what was sealed", entry_id
        seen.add(entry_id)
    if link.previous != previous or chained_digest(link) != link.digest:
        return f"seal {link.pk} does not follow the one before it", link.entry_ids[0]
    return None


def _time_if_only_sealer() -> datetime | None:
    """Return the database's time if no other sealer is at work, else None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_xact_lock(%s) THEN statement_timestamp() END", [SEAL_LOCK]
        )
        moment: datetime | None = cursor.fetchone()[0]
    return moment


def _first_uncovered_entry() -> int | None:
    """Return the first entry that no seal covers and that does not wait for one, or None.

    Such an entry was inserted without the trigger. One statement reads all tables in one snapshot.
    """
    query = """
        SELECT e.id FROM workflow_entry e
        LEFT JOIN workflow_unsealedentry u ON u.entry_id = e.id
        LEFT JOIN (SELECT unnest(entry_ids) AS id FROM workflow_seal) s ON s.id = e.id
        WHERE u.entry_id IS NULL AND s.id IS NULL ORDER BY e.id LIMIT 1
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None
