"""Agreements as a file: one row per pair of places and kind.

`status` says what somebody decided: active and unknown are recorded (known to be in force or not), the others ended or suspended,
on the day in `terminated` where it is known.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from partners.actions import correct_twinning, end_twinning, renew, resume_twinning, suspend, twin
from partners.dates import UNKNOWN, Known
from partners.exchange.columns import Column, address, choice, day, slug, text, whole_day
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run, differing
from partners.models import City, Twinning


class Said(TextChoices):
    """The word in the column `status`."""

    ACTIVE = "active", _("Active")
    UNKNOWN = "unknown", _("Not known")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    SUSPENDED = "suspended", _("Suspended")


COLUMNS = (
    Column("city_a", slug, required=True),
    Column("city_b", slug, required=True),
    Column("kind", choice(Twinning.Kind), required=True),
    Column("signed", day),
    Column("expires", day),
    Column("status", choice(Said), required=True),
    Column("terminated", day),
    Column("source_url", address, required=True),
    Column("note", text(2000)),
    Column("conflict", text(2000)),
    Column("source_type", text(12)),
    Column("scope", text(30)),
    Column("source_date", whole_day),
)
FACTS = ("signed", "expires", "source_url", "note", "conflict", "source_type", "scope")
S = Twinning.Status


def bring(rows: list[Numbered], run: Run) -> None:
    """Record the agreements that are new, correct those that differ, and end, suspend or take up again as the rows say."""
    cities = City.objects.in_bulk(
        {row[side] for _number, row in rows for side in ("city_a", "city_b")}, field_name="slug"
    )
    known = _known(cities)
    for number, row in rows:
        a, b = (run.city(cities, number, side, row[side]) for side in ("city_a", "city_b"))
        if a is None or b is None:
            continue
        key = (frozenset((a.pk, b.pk)), row["kind"])
        run.row(number, key, partial(_bring_one, known.get(key) or (a, b), row, run))


def _known(cities: dict[str, City]) -> dict[object, Twinning]:
    ids = [city.pk for city in cities.values()]
    found = Twinning.objects.filter(Q(city_a__in=ids) & Q(city_b__in=ids))
    return {(frozenset((tie.city_a_id, tie.city_b_id)), tie.kind): tie for tie in found}


def _bring_one(known: Twinning | tuple[City, City], row: Row, run: Run) -> None:
    facts = {name: row[name] for name in FACTS if name in row}
    facts["certain"] = row["status"] != Said.UNKNOWN
    if row.get("source_date"):
        facts["recorded_on"] = row["source_date"]
    if not isinstance(known, Twinning):
        made = twin(known[0], known[1], kind=row["kind"], **run.who, **facts)
        _decide(made, row, run)
        run.added += 1
        return
    if run.only_new:
        run.same += 1
        return
    changes = differing(known, facts)
    if changes:
        correct_twinning(known, **run.who, **changes)
    decided = _decide(known, row, run)
    run.changed += bool(changes) or decided
    run.same += not changes and not decided


def _decide(tie: Twinning, row: Row, run: Run) -> bool:
    """Bring the tie's own status and end to what the row says. Tells whether that changed anything."""
    said, ended = row["status"], row.get("terminated", UNKNOWN)
    if (_said(tie), tie.ended) == (said, ended if said in _ENDS else UNKNOWN):
        return False
    if said in _ENDS and tie.status in (S.ENDED, S.SUSPENDED) and _said(tie) == said:
        correct_twinning(tie, **run.who, ended=ended)
        return True
    if tie.status == S.SUSPENDED:
        resume_twinning(tie, **run.who)
    elif tie.status == S.ENDED:
        renew(tie, expires=tie.expires, **run.who)
    _end(tie, said, ended, run)
    return True


_ENDS = (Said.EXPIRED, Said.TERMINATED, Said.SUSPENDED)


def _end(tie: Twinning, said: str, ended: Known, run: Run) -> None:
    if said == Said.SUSPENDED:
        suspend(tie, on=ended, **run.who)
    elif said in _ENDS:
        end_twinning(tie, why=said, on=ended, **run.who)


def _said(tie: Twinning) -> str:
    if tie.status == S.RECORDED:
        return Said.ACTIVE if tie.certain else Said.UNKNOWN
    return tie.ended_why or Said.SUSPENDED


def rows() -> Iterator[Row]:
    """Every agreement, in the order it came into the register."""
    ties = Twinning.objects.select_related("city_a", "city_b").order_by("pk")
    for tie in ties.iterator():
        yield {
            "city_a": tie.city_a.slug,
            "city_b": tie.city_b.slug,
            "status": _said(tie),
            "terminated": tie.ended.written,
            "source_date": tie.recorded_on,
            **_written(tie),
        }


def _written(tie: Twinning) -> dict[str, Any]:
    values = {name: getattr(tie, name) for name in ("kind", *FACTS)}
    return {name: value.written if isinstance(value, Known) else value for name, value in values.items()}
