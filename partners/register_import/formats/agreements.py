"""Import and export of agreements: one row for each pair of cities and kind.

In the column `status`, `active` and `unknown` are recorded agreements that are known to be in force or not.
`expired`, `terminated` and `suspended` agreements ended on the date in `terminated`, if it is known.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.agreements.actions import (
    AgreementEdit,
    correct_agreement,
    end_agreement,
    renew_agreement,
    resume_agreement,
    suspend_agreement,
)
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.partial_dates import UNKNOWN_DATE, PartialDate
from partners.register_import.actions.bulk_create import add_agreements, build_agreement
from partners.register_import.formats import header_aliases
from partners.register_import.formats.columns import (
    Column,
    choice_reader,
    read_partial_date_cell,
    read_whole_day_cell,
    slug_reader,
    text_reader,
    web_address_reader,
)
from partners.register_import.formats.csv_and_xlsx import NumberedRow, Row
from partners.register_import.import_session import ImportSession, differing_facts
from workflow.days import utc_day
from workflow.errors import Refused


class AgreementStatusWord(TextChoices):
    """Values of the column `status`."""

    ACTIVE = "active", pgettext_lazy("status of an agreement", "Active")
    UNKNOWN = "unknown", _("Not known")
    EXPIRED = "expired", pgettext_lazy("an agreement", "Expired")
    TERMINATED = "terminated", _("Terminated")
    SUSPENDED = "suspended", _("Suspended")


AGREEMENT_COLUMNS = (
    Column(
        "city_a",
        slug_reader,
        required=True,
        label=_("City"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["city_a"],
    ),
    Column(
        "city_b",
        slug_reader,
        required=True,
        label=_("Partner city"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["city_b"],
    ),
    Column(
        "kind",
        choice_reader(TwinningAgreement.Kind, header_aliases.AGREEMENT_KIND_WORDS),
        required=True,
        label=_("Type"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["kind"],
    ),
    Column(
        "signed",
        read_partial_date_cell,
        label=_("Signed"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["signed"],
    ),
    Column(
        "expires",
        read_partial_date_cell,
        label=_("Valid until"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["expires"],
    ),
    Column(
        "status",
        choice_reader(AgreementStatusWord, header_aliases.AGREEMENT_STATUS_WORDS),
        required=True,
        label=_("Status"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["status"],
    ),
    Column(
        "terminated",
        read_partial_date_cell,
        label=_("Ended"),
        other_headings=header_aliases.AGREEMENT_HEADINGS["terminated"],
    ),
    Column(
        "source_url",
        web_address_reader,
        required=True,
        label=_("Source"),
        other_headings=header_aliases.SOURCE_HEADINGS,
    ),
    Column("note", text_reader(2000), label=_("Note"), other_headings=header_aliases.NOTE_HEADINGS),
    Column("conflict", text_reader(2000), label=_("Points on which sources disagree")),
    Column("source_type", text_reader(12), label=_("Source type")),
    Column("scope", text_reader(30), label=_("Scope")),
    Column("source_date", read_whole_day_cell, label=_("Source date")),
)
AGREEMENT_FACT_NAMES = ("signed", "expires", "source_url", "note", "conflict", "source_type", "scope")


def import_agreements(rows: list[NumberedRow], run: ImportSession) -> None:
    """Record new agreements and correct the others; end, suspend or resume them as the rows require."""
    cities = run.cities_by_key(row[side] for _number, row in rows for side in ("city_a", "city_b"))
    known = _existing_agreements(cities)
    fresh: list[tuple[TwinningAgreement, Row]] = []
    for number, row in rows:
        a, b = (run.city(cities, number, side, row[side]) for side in ("city_a", "city_b"))
        if a is None or b is None:
            continue
        key = (frozenset((a.pk, b.pk)), row["kind"])
        run.process_row(
            number,
            key,
            partial(_import_agreement, known.get(key) or (a, b), row, fresh, run),
            _comparable(row),
        )
    run.create_entries([agreement for agreement, _row in fresh], add_agreements)
    if not run.faults and not run.is_dry_run:
        for agreement, row in fresh:
            _apply_status(agreement, row, run)


def _comparable(row: Row) -> Row:
    """Return the content of a row without its cities, to compare rows that name them in either order."""
    return {name: value for name, value in row.items() if name not in ("city_a", "city_b")}


def _existing_agreements(cities: dict[str, City]) -> dict[object, TwinningAgreement]:
    ids = [city.pk for city in cities.values()]
    found = TwinningAgreement.objects.filter(Q(city_a__in=ids) & Q(city_b__in=ids))
    return {
        (frozenset((agreement.city_a_id, agreement.city_b_id)), agreement.kind): agreement
        for agreement in found
    }


def _import_agreement(
    known: TwinningAgreement | tuple[City, City],
    row: Row,
    fresh: list[tuple[TwinningAgreement, Row]],
    run: ImportSession,
) -> None:
    facts = {name: row[name] for name in AGREEMENT_FACT_NAMES if name in row}
    status = row.get("status")
    if row.get("terminated") and not status:
        message = _(
            "The row says when the agreement ended but not how. Enter expired, terminated or "
            "suspended as its status."
        )
        raise Refused("end_without_status", message)
    if (
        status and status not in _ENDS
    ):  # a row about an ended agreement does not show whether it was known to be in force
        facts["certain"] = status != AgreementStatusWord.UNKNOWN
    if row.get("source_date"):
        facts["recorded_on"] = row["source_date"]
    if not isinstance(known, TwinningAgreement):
        _check_new_agreement(known, facts, row, fresh, run)
        return
    if run.only_new:
        run.same += 1
        return
    changes = differing_facts(known, facts)
    if not _is_unchanged(known, row):
        run.note(
            _PreviousStatus(known), {"status": status, "terminated": row.get("terminated", UNKNOWN_DATE)}
        )
    run.note(known, changes)
    if changes:
        correct_agreement(known, AgreementEdit(**changes), **run.action_arguments)
    status_changed = _apply_status(known, row, run)
    run.changed += bool(changes) or status_changed
    run.same += not changes and not status_changed


def _check_new_agreement(
    sides: tuple[City, City],
    facts: dict[str, Any],
    row: Row,
    fresh: list[tuple[TwinningAgreement, Row]],
    run: ImportSession,
) -> None:
    """Check an agreement with its end, but enter it as in force; the end follows as a move of its own."""
    if row.get("status") in _ENDS:
        facts["ended"] = row.get("terminated", UNKNOWN_DATE)
    days = {name: facts.pop(name) for name in ("signed", "expires", "ended") if name in facts}
    for name, known in days.items():
        facts |= {f"{name}_on": known.first_day, f"{name}_precision": known.precision}
    facts = {"recorded_on": utc_day(run.action_time), "certain": bool(row.get("status")), **facts}
    agreement = TwinningAgreement(city_a=sides[0], city_b=sides[1], kind=row["kind"], **facts)
    build_agreement(agreement, run.actor, run.action_time)
    agreement.ended_on, agreement.ended_precision = None, ""
    fresh.append((agreement, row))


class _PreviousStatus:
    """Status and end of an agreement as the file writes them, kept for the report before they change."""

    def __init__(self, agreement: TwinningAgreement) -> None:
        self.words = str(agreement)
        self.status, self.terminated = _status_in_file(agreement), agreement.ended

    def __str__(self) -> str:
        return self.words


def _apply_status(agreement: TwinningAgreement, row: Row, run: ImportSession) -> bool:
    """Change status and end of the agreement to those of the row. Return True if anything changed."""
    if _is_unchanged(agreement, row):
        return False
    status, ended = row["status"], row.get("terminated", UNKNOWN_DATE)
    if (
        status in _ENDS
        and agreement.status in TwinningAgreement.Status.void
        and _status_in_file(agreement) == status
    ):
        correct_agreement(agreement, AgreementEdit(ended=ended), **run.action_arguments)
        return True
    if agreement.status == TwinningAgreement.Status.SUSPENDED:
        resume_agreement(agreement, **run.action_arguments)
    elif agreement.status == TwinningAgreement.Status.ENDED:
        renew_agreement(
            agreement,
            expires=agreement.expires,
            certain=status != AgreementStatusWord.UNKNOWN,
            **run.action_arguments,
        )
    _end_or_suspend(agreement, status, ended, run)
    return True


def _is_unchanged(agreement: TwinningAgreement, row: Row) -> bool:
    """Return True if the agreement has the status and end of the row, or if the row has no status."""
    if not (status := row.get("status")):
        return True
    ended = row.get("terminated", UNKNOWN_DATE)
    return (_status_in_file(agreement), agreement.ended) == (
        status,
        ended if status in _ENDS else UNKNOWN_DATE,
    )


_ENDS = (AgreementStatusWord.EXPIRED, AgreementStatusWord.TERMINATED, AgreementStatusWord.SUSPENDED)


def _end_or_suspend(
    agreement: TwinningAgreement, status: str, ended: PartialDate, run: ImportSession
) -> None:
    if status == AgreementStatusWord.SUSPENDED:
        suspend_agreement(agreement, on=ended, **run.action_arguments)
    elif status in _ENDS:
        end_agreement(agreement, why=status, on=ended, **run.action_arguments)


def _status_in_file(agreement: TwinningAgreement) -> str:
    if agreement.status == TwinningAgreement.Status.RECORDED:
        return AgreementStatusWord.ACTIVE if agreement.certain else AgreementStatusWord.UNKNOWN
    return agreement.ended_why or AgreementStatusWord.SUSPENDED


def export_agreements() -> Iterator[Row]:
    """Yield every agreement, in the order of entry into the register."""
    agreements = TwinningAgreement.objects.select_related("city_a", "city_b").order_by("pk")
    for agreement in agreements.iterator():
        yield {
            "city_a": agreement.city_a.slug,
            "city_b": agreement.city_b.slug,
            "status": _status_in_file(agreement),
            "terminated": agreement.ended.iso_text_with_precision,
            "source_date": agreement.recorded_on,
            **_facts_in_file(agreement),
        }


def _facts_in_file(agreement: TwinningAgreement) -> dict[str, Any]:
    values = {name: getattr(agreement, name) for name in ("kind", *AGREEMENT_FACT_NAMES)}
    return {
        name: value.iso_text_with_precision if isinstance(value, PartialDate) else value
        for name, value in values.items()
    }
