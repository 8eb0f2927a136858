"""The hash chain over the journal: sealing entries, and finding what does not fit.

Whoever changes, removes or slips in a sealed entry, even as superuser, is found; cutting the end of the chain is found against a
head that was noted before (printed in a memo, mailed). Sealing never holds up who writes an entry.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from workflow.models.journal import Entry, Place, Seal, Unsealed

LOCK = 0x5EA1  # the advisory lock under which one sealer works at a time
MOST = 1000  # entries under one seal
_NOT_SEALED = frozenset({"announced_at"})  # written after the fact, by the tick


@dataclass(frozen=True)
class Verdict:
    """What verifying found: `problem` is empty for a chain that fits, and else names the first thing that does not."""

    head: str
    seals: int
    entries: int
    problem: str = ""
    entry_id: int | None = None


def digest_of(entry: Entry) -> str:
    """SHA-256 over everything an entry says."""
    facts = {
        f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields if f.name not in _NOT_SEALED
    }
    text = json.dumps(facts, cls=_Exactly, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Exactly(DjangoJSONEncoder):
    """Moments to the microsecond, in UTC (Django's own cuts them to milliseconds)."""

    def default(self, o: object) -> object:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def chained(link: Seal) -> str:
    """SHA-256 over a seal and, through `previous`, over everything before it."""
    facts = [link.previous, link.sealed_at.astimezone(UTC).isoformat(), link.entry_ids, link.entry_digests]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def seal(most: int = MOST) -> int:
    """Put one seal over the entries that have none, in the order of their numbers; how many.

    An entry whose transaction ends late, after higher numbers were sealed, waits in Unsealed like every other and comes under the
    next seal. Does nothing while another sealer works.
    """
    with transaction.atomic():
        now = _alone()
        if now is None:
            return 0
        entries = list(Entry.objects.filter(pk__in=Unsealed.objects.values("pk")).order_by("pk")[:most])
        if not entries:
            return 0
        link = Seal(
            previous=head(),
            sealed_at=now,
            entry_ids=[entry.pk for entry in entries],
            entry_digests=[digest_of(entry) for entry in entries],
        )
        link.digest = chained(link)
        link.save(force_insert=True)
        # One that somebody put back under the unsealed keeps its place; `verify` names it.
        Place.objects.bulk_create((Place(entry=entry) for entry in entries), ignore_conflicts=True)
        Unsealed.objects.filter(pk__in=link.entry_ids).delete()
    return len(entries)


def head() -> str:
    """The digest of the newest seal: whoever notes it can prove later that nothing before it was changed or cut."""
    return Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or ""


def verify(noted_head: str = "") -> Verdict:
    """Walk the whole chain and compare it with the entries; stop at the first thing that does not fit.

    With a head noted before, also say whether the chain still holds it.
    """
    previous, heads, seen = "", {""}, set[int]()
    count = 0
    for count, link in enumerate(Seal.objects.order_by("pk").iterator(chunk_size=100), start=1):
        problem = _misfit(link, previous, seen)
        if problem:
            return Verdict(previous, count, len(seen), *problem)
        previous = link.digest
        heads.add(previous)
    if noted_head not in heads:
        return Verdict(
            previous,
            count,
            len(seen),
            "the chain does not hold the noted head: its end was cut or it was rewritten",
        )
    stray = _stray()
    if stray is not None:
        return Verdict(
            previous, count, len(seen), f"entry {stray} is under no seal and does not wait for one", stray
        )
    return Verdict(previous, count, len(seen))


def _misfit(link: Seal, previous: str, seen: set[int]) -> tuple[str, int | None] | None:
    """What is wrong with one link, and the entry it shows in."""
    if len(link.entry_ids) != len(link.entry_digests) or not link.entry_ids:
        return f"seal {link.pk} is not whole", None
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=link.entry_ids)}
    for entry_id, digest in zip(link.entry_ids, link.entry_digests, strict=True):
        if entry_id in seen:
            return f"entry {entry_id} is under two seals", entry_id
        if entry_id not in entries:
            return f"entry {entry_id} is missing", entry_id
        if digest_of(entries[entry_id]) != digest:
            return f"entry {entry_id} is not what was sealed", entry_id
        seen.add(entry_id)
    if link.previous != previous or chained(link) != link.digest:
        return f"seal {link.pk} does not follow the one before it", link.entry_ids[0]
    return None


def _alone() -> datetime | None:
    """The database's moment, if no other sealer is at work; else None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_xact_lock(%s) THEN statement_timestamp() END", [LOCK]
        )
        moment: datetime | None = cursor.fetchone()[0]
    return moment


def _stray() -> int | None:
    """The first entry that no seal covers and that does not wait for one: somebody slipped it in. One statement, one snapshot."""
    query = """
        SELECT e.id FROM workflow_entry e
        LEFT JOIN workflow_unsealed u ON u.entry_id = e.id
        LEFT JOIN (SELECT unnest(entry_ids) AS id FROM workflow_seal) s ON s.id = e.id
        WHERE u.entry_id IS NULL AND s.id IS NULL ORDER BY e.id LIMIT 1
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None
