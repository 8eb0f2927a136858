"""Agreements as a file: one row per pair of places and kind.

`status` says what somebody decided: active and unknown are recorded (known to be in force or not), the others ended or suspended,
on the day in `terminated` where it is known.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from partners.actions.many import new_twinning, twin_many
from partners.actions.register import correct_twinning
from partners.actions.ties import end_twinning, renew, resume_twinning, suspend
from partners.dates import UNKNOWN, Known
from partners.exchange import called
from partners.exchange.columns import Column, address, choice, day, slug, text, whole_day
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run, differing
from partners.models.cities import City
from partners.models.ties import Twinning
from workflow.days import utc_day
from workflow.errors import Refused


class Said(TextChoices):
    """The word in the column `status`."""

    ACTIVE = "active", _("Active")
    UNKNOWN = "unknown", _("Not known")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    SUSPENDED = "suspended", _("Suspended")


COLUMNS = (
    Column("city_a", slug, required=True, label=_("City"), also=called.TIES["city_a"]),
    Column("city_b", slug, required=True, label=_("Partner city"), also=called.TIES["city_b"]),
    Column(
        "kind", choice(Twinning.Kind, called.KINDS), required=True, label=_("Kind"), also=called.TIES["kind"]
    ),
    Column("signed", day, label=_("Signed"), also=called.TIES["signed"]),
    Column("expires", day, label=_("Agreed until"), also=called.TIES["expires"]),
    Column(
        "status", choice(Said, called.STATUSES), required=True, label=_("Status"), also=called.TIES["status"]
    ),
    Column("terminated", day, label=_("Ended"), also=called.TIES["terminated"]),
    Column("source_url", address, required=True, label=_("Source"), also=called.SOURCE),
    Column("note", text(2000), label=_("Note"), also=called.NOTE),
    Column("conflict", text(2000), label=_("What sources disagree about")),
    Column("source_type", text(12), label=_("Kind of source")),
    Column("scope", text(30), label=_("Scope")),
    Column("source_date", whole_day, label=_("Day of the source")),
)
FACTS = ("signed", "expires", "source_url", "note", "conflict", "source_type", "scope")


def bring(rows: list[Numbered], run: Run) -> None:
    """Record the agreements that are new, correct those that differ, and end, suspend or take up again as the rows say."""
    cities = run.cities(row[side] for _number, row in rows for side in ("city_a", "city_b"))
    known = _known(cities)
    fresh: list[tuple[Twinning, Row]] = []
    for number, row in rows:
        a, b = (run.city(cities, number, side, row[side]) for side in ("city_a", "city_b"))
        if a is None or b is None:
            continue
        key = (frozenset((a.pk, b.pk)), row["kind"])
        run.row(number, key, partial(_bring_one, known.get(key) or (a, b), row, fresh, run), _says(row))
    run.enter([tie for tie, _row in fresh], twin_many)
    if not run.faults and not run.dry:
        for tie, row in fresh:
            _decide(tie, row, run)


def _says(row: Row) -> Row:
    """What a row says of its agreement, whichever side it names first."""
    return {name: value for name, value in row.items() if name not in ("city_a", "city_b")}


def _known(cities: dict[str, City]) -> dict[object, Twinning]:
    ids = [city.pk for city in cities.values()]
    found = Twinning.objects.filter(Q(city_a__in=ids) & Q(city_b__in=ids))
    return {(frozenset((tie.city_a_id, tie.city_b_id)), tie.kind): tie for tie in found}


def _bring_one(
    known: Twinning | tuple[City, City], row: Row, fresh: list[tuple[Twinning, Row]], run: Run
) -> None:
    facts = {name: row[name] for name in FACTS if name in row}
    said = row.get("status")
    if row.get("terminated") and not said:
        words = _(
            "It says when this ended and not how: write expired, terminated or suspended as its status."
        )
        raise Refused("end_without_status", words)
    if (
        said and said not in _ENDS
    ):  # of one that is over the file does not say whether anybody knew it to be in force
        facts["certain"] = said != Said.UNKNOWN
    if row.get("source_date"):
        facts["recorded_on"] = row["source_date"]
    if not isinstance(known, Twinning):
        _add(known, facts, row, fresh, run)
        return
    if run.only_new:
        run.same += 1
        return
    changes = differing(known, facts)
    if not _stands_so(known, row):
        run.note(_Status(known), {"status": said, "terminated": row.get("terminated", UNKNOWN)})
    run.note(known, changes)
    if changes:
        correct_twinning(known, **run.who, **changes)
    decided = _decide(known, row, run)
    run.changed += bool(changes) or decided
    run.same += not changes and not decided


def _add(
    sides: tuple[City, City], facts: dict[str, Any], row: Row, fresh: list[tuple[Twinning, Row]], run: Run
) -> None:
    """One that is over is judged whole, entered as one that stands, and ended then: two things happened, both are written down."""
    if row.get("status") in _ENDS:
        facts["ended"] = row.get("terminated", UNKNOWN)
    days = {name: facts.pop(name) for name in ("signed", "expires", "ended") if name in facts}
    for name, known in days.items():
        facts |= {f"{name}_on": known.on, f"{name}_precision": known.precision}
    facts = {"recorded_on": utc_day(run.at), "certain": bool(row.get("status")), **facts}
    tie = Twinning(city_a=sides[0], city_b=sides[1], kind=row["kind"], **facts)
    new_twinning(tie, run.by, run.at)
    tie.ended_on, tie.ended_precision = None, ""
    fresh.append((tie, row))


class _Status:
    """The words of the file for what somebody decided about an agreement, as they are now."""

    def __init__(self, tie: Twinning) -> None:
        self.words = str(tie)
        self.status, self.terminated = _said(tie), tie.ended

    def __str__(self) -> str:
        return self.words


def _decide(tie: Twinning, row: Row, run: Run) -> bool:
    """Bring the tie's own status and end to what the row says. Tells whether that changed anything."""
    if _stands_so(tie, row):
        return False
    said, ended = row["status"], row.get("terminated", UNKNOWN)
    if (
        said in _ENDS
        and tie.status in (Twinning.Status.ENDED, Twinning.Status.SUSPENDED)
        and _said(tie) == said
    ):
        correct_twinning(tie, **run.who, ended=ended)
        return True
    if tie.status == Twinning.Status.SUSPENDED:
        resume_twinning(tie, **run.who)
    elif tie.status == Twinning.Status.ENDED:
        renew(tie, expires=tie.expires, certain=said != Said.UNKNOWN, **run.who)
    _end(tie, said, ended, run)
    return True


def _stands_so(tie: Twinning, row: Row) -> bool:
    """Whether the register says of the tie's status and end what the row does; one that says nothing of its status changes neither."""
    if not (said := row.get("status")):
        return True
    ended = row.get("terminated", UNKNOWN)
    return (_said(tie), tie.ended) == (said, ended if said in _ENDS else UNKNOWN)


_ENDS = (Said.EXPIRED, Said.TERMINATED, Said.SUSPENDED)


def _end(tie: Twinning, said: str, ended: Known, run: Run) -> None:
    if said == Said.SUSPENDED:
        suspend(tie, on=ended, **run.who)
    elif said in _ENDS:
        end_twinning(tie, why=said, on=ended, **run.who)


def _said(tie: Twinning) -> str:
    if tie.status == Twinning.Status.RECORDED:
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
            "terminated": tie.ended.exact,
            "source_date": tie.recorded_on,
            **_written(tie),
        }


def _written(tie: Twinning) -> dict[str, Any]:
    values = {name: getattr(tie, name) for name in ("kind", *FACTS)}
    return {name: value.exact if isinstance(value, Known) else value for name, value in values.items()}
