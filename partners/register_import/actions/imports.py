"""Actions of a person on a register file: upload it, match its columns and places, import, undo, discard."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.register_import.models import Import, ImportData, ImportPlace
from partners.register_import.rules import CONFIRM_PLACES, DISCARD, MATCH_COLUMNS, START, UPLOAD, WITHDRAW
from workflow.actors import Actor, acting_user_id
from workflow.errors import Refused
from workflow.moves import register_action

# Answers about a place other than the key of an option.
LEAVE_OUT_ANSWER = "-out"
USE_FILE_FACTS_ANSWER = "-file"
DECIDE_LATER_ANSWER = "-ask"


@register_action(UPLOAD)
def upload_import(
    lines: Sequence[Sequence[Any]],
    *,
    table: str,
    name: str,
    reason: str,
    columns: Mapping[str, int | str],
    by: Actor,
    at: datetime,
) -> Import:
    """Store the rows of a file, its header first, with the columns that the program guessed.

    Refuses a file without a header, and one without rows below its header.
    """
    cells = [[str(cell) for cell in line] for line in lines]
    if not cells or not any(cell.strip() for cell in cells[0]):
        message = _("“%(name)s” has no headings. Enter the column names in its first row.")
        raise Refused("no_heading", message % {"name": name}, field="file")
    filled = sum(any(cell.strip() for cell in line) for line in cells[1:])
    if not filled:
        message = _("“%(name)s” has no rows below its headings, so there is nothing to import.")
        raise Refused("no_rows", message % {"name": name}, field="file")
    source_import = Import(
        table=table,
        name=name[:200],
        reason=reason,
        columns=dict(columns),
        rows=filled,
        by_id=acting_user_id(by),
    )
    with transaction.atomic():
        UPLOAD.create(source_import, by=by, at=at)
        ImportData.objects.create(source_import=source_import, header=cells[0], lines=cells[1:])
    return source_import


@register_action(MATCH_COLUMNS)
def match_columns(
    source_import: Import,
    columns: Mapping[str, int | str],
    *,
    by: Actor,
    at: datetime,
    only_new: bool = False,
) -> Import:
    """Record the position of each register column in the file, or its value for every row; then have the file checked.

    With `only_new`, the import adds new entries and leaves existing ones unchanged.
    """
    positions = [position for position in columns.values() if isinstance(position, int)]
    if len(positions) != len(set(positions)):
        raise Refused("column_twice", _("A column of the file can be used only once."))
    with MATCH_COLUMNS.apply_to(source_import, by=by, at=at) as row:
        row.columns, row.only_new = dict(columns), only_new
    return source_import


@register_action(CONFIRM_PLACES)
def set_place_answers(
    source_import: Import, answers: Mapping[int, str], *, by: Actor, at: datetime
) -> Import:
    """Record the answers about the file's places, by the id of the `ImportPlace`.

    An answer is the key of one of the options, USE_FILE_FACTS_ANSWER for a new place, LEAVE_OUT_ANSWER to leave its
    rows out, or DECIDE_LATER_ANSWER to decide again later. After the last open place is answered, the file is
    checked again. Refuses any other answer, and USE_FILE_FACTS_ANSWER for a place whose country is not in the file.
    """
    with transaction.atomic():
        with CONFIRM_PLACES.apply_to(source_import, by=by, at=at, places=len(answers)) as row:
            places = list(row.places.select_for_update().filter(pk__in=answers))
            for place in places:
                _apply_answer(place, answers[place.pk])
            _save_answers(row, places)
        if places and not source_import.open_places:
            _recheck(source_import, by, at)
    return source_import


def answer_open_places(source_import: Import, answer: str, *, by: Actor, at: datetime) -> Import:
    """Give the same answer, USE_FILE_FACTS_ANSWER or LEAVE_OUT_ANSWER, to every open place without options.

    USE_FILE_FACTS_ANSWER applies only to places whose country is known.
    """
    with transaction.atomic():
        with CONFIRM_PLACES.apply_to(source_import, by=by, at=at, answer=answer) as row:
            places = list(row.places.undecided().select_for_update().filter(options=[]))
            if answer == USE_FILE_FACTS_ANSWER:
                places = [place for place in places if len(place.country) == 2]
            for place in places:
                _apply_answer(place, answer)
            _save_answers(row, places)
        if places and not source_import.open_places:
            _recheck(source_import, by, at)
    return source_import


def _recheck(source_import: Import, by: Actor, at: datetime) -> None:
    """Have the file checked again, because the answers change the effect of its import."""
    with MATCH_COLUMNS.apply_to(source_import, by=by, at=at):
        pass


def _apply_answer(place: ImportPlace, answer: str) -> None:
    option = place.find_option(answer)
    place.answered = answer != DECIDE_LATER_ANSWER
    if answer == DECIDE_LATER_ANSWER:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.DOUBTFUL, "", {}
    elif answer == LEAVE_OUT_ANSWER:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.EXCLUDED, "", {}
    elif answer == USE_FILE_FACTS_ANSWER and len(place.country) == 2:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.NEW, "", place.facts_from_file()
    elif option is not None and option["facts"]:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.NEW, "", option["facts"]
    elif option is not None:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.KNOWN, option["slug"], {}
    else:
        message = _("Choose the place that “%(name)s” refers to, or leave it out.")
        raise Refused("answer_unknown", message % {"name": place.name}, place=place.pk)


def _save_answers(source_import: Import, places: Sequence[ImportPlace]) -> None:
    fields = ("verdict", "slug", "facts", "answered")
    ImportPlace.objects.bulk_update(places, fields, batch_size=1000)
    source_import.open_places = source_import.places.undecided().count()


@register_action(START)
def start_import(source_import: Import, *, by: Actor, at: datetime) -> Import:
    """Have the file imported, completely or not at all.

    Refuses while the file has faults or undecided places.
    """
    with START.apply_to(source_import, by=by, at=at):
        pass
    return source_import


@register_action(WITHDRAW)
def request_rollback(source_import: Import, *, reason: str, by: Actor, at: datetime) -> Import:
    """Have an import undone as far as other data does not depend on it. Requires a reason."""
    with WITHDRAW.apply_to(source_import, by=by, at=at, reason=reason):
        pass
    return source_import


@register_action(DISCARD)
def discard_import(source_import: Import, *, by: Actor, at: datetime) -> Import:
    """Discard a file that was not imported: delete its rows and its places with their answers."""
    with DISCARD.apply_to(source_import, by=by, at=at) as row:
        ImportData.objects.filter(source_import=row).delete()
        row.places.all().delete()
    return source_import
