"""What a person does with a file for the register: uploads it, matches columns and places, has it brought in, taken back, dropped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.models.imports import Import, ImportPlace, Sheet
from partners.rules.imports import ANSWER, DROP, MATCH, START, UPLOAD, WITHDRAW
from workflow.actors import Actor, person_of
from workflow.errors import Refused

OUT, FROM_FILE, ASK = "-out", "-file", "-ask"  # answers that are no key of a place


def upload(
    lines: Sequence[Sequence[Any]],
    *,
    table: str,
    name: str,
    reason: str,
    columns: Mapping[str, int | str],
    by: Actor,
    at: datetime,
) -> Import:
    """Take in the rows of a file, its heading first, and what its columns seem to be. Refuses one without rows below its heading."""
    words = [[str(cell) for cell in line] for line in lines]
    if not words or not any(cell.strip() for cell in words[0]):
        sentence = _("“%(name)s” has no headings. Write the names of the columns into its first row.")
        raise Refused("no_heading", sentence % {"name": name}, field="file")
    filled = sum(any(cell.strip() for cell in line) for line in words[1:])
    if not filled:
        sentence = _("“%(name)s” has no rows below its headings. Nothing can be brought in.")
        raise Refused("no_rows", sentence % {"name": name}, field="file")
    batch = Import(
        table=table, name=name[:200], reason=reason, columns=dict(columns), rows=filled, by_id=person_of(by)
    )
    with transaction.atomic():
        UPLOAD.start(batch, by=by, at=at)
        Sheet.objects.create(batch=batch, header=words[0], lines=words[1:])
    return batch


def match_columns(
    batch: Import, columns: Mapping[str, int | str], *, by: Actor, at: datetime, only_new: bool = False
) -> Import:
    """Say which column of the file is which, or what holds for every row, and have the file checked by the machine."""
    taken = [place for place in columns.values() if isinstance(place, int)]
    if len(taken) != len(set(taken)):
        raise Refused("column_twice", _("One column of the file cannot be two things at once."))
    with MATCH.on(batch, by=by, at=at) as row:
        row.columns, row.only_new = dict(columns), only_new
    return batch


def answer_places(batch: Import, answers: Mapping[int, str], *, by: Actor, at: datetime) -> Import:
    """Say which places are meant, by the number of the place: a key of its options, FROM_FILE for a new one, OUT to leave its rows out,
    ASK to decide anew.

    With the last of them the file is checked anew. Refuses what is none of these, and a new place of which the file does not say
    the country.
    """
    with transaction.atomic():
        with ANSWER.on(batch, by=by, at=at, places=len(answers)) as row:
            places = list(row.places.select_for_update().filter(pk__in=answers))
            for place in places:
                _answer(place, answers[place.pk])
            _keep(row, places)
        if places and not batch.open_places:
            _look_again(batch, by, at)
    return batch


def answer_all(batch: Import, answer: str, *, by: Actor, at: datetime) -> Import:
    """Give the same answer, FROM_FILE or OUT, to every open place for which nothing better was found."""
    with transaction.atomic():
        with ANSWER.on(batch, by=by, at=at, answer=answer) as row:
            places = list(row.places.open().select_for_update().filter(options=[]))
            if answer == FROM_FILE:
                places = [place for place in places if len(place.country) == 2]
            for place in places:
                _answer(place, answer)
            _keep(row, places)
        if places and not batch.open_places:
            _look_again(batch, by, at)
    return batch


def _look_again(batch: Import, by: Actor, at: datetime) -> None:
    """Have the file checked anew now that every place is decided: what it would do is another thing."""
    with MATCH.on(batch, by=by, at=at):
        pass


def _answer(place: ImportPlace, answer: str) -> None:
    option = place.chosen(answer)
    place.answered = answer != ASK
    if answer == ASK:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.DOUBTFUL, "", {}
    elif answer == OUT:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.OUT, "", {}
    elif answer == FROM_FILE and len(place.country) == 2:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.NEW, "", place.own_facts()
    elif option is not None and option["facts"]:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.NEW, "", option["facts"]
    elif option is not None:
        place.verdict, place.slug, place.facts = ImportPlace.Verdict.KNOWN, option["slug"], {}
    else:
        words = _("Say of “%(name)s” which place it is, or leave it out.")
        raise Refused("answer_unknown", words % {"name": place.name}, place=place.pk)


def _keep(batch: Import, places: Sequence[ImportPlace]) -> None:
    fields = ("verdict", "slug", "facts", "answered")
    ImportPlace.objects.bulk_update(places, fields, batch_size=1000)
    batch.open_places = batch.places.open().count()


def start_import(batch: Import, *, by: Actor, at: datetime) -> Import:
    """Have the whole file brought in by the machine, all of it or nothing. Refuses while something is to be put right or decided."""
    with START.on(batch, by=by, at=at):
        pass
    return batch


def withdraw_import(batch: Import, *, reason: str, by: Actor, at: datetime) -> Import:
    """Have all of an import taken back by the machine, as far as nothing rests on it. Refuses without a reason."""
    with WITHDRAW.on(batch, by=by, at=at, reason=reason):
        pass
    return batch


def drop_import(batch: Import, *, by: Actor, at: datetime) -> Import:
    """Let a file go that was not brought in: its rows and the answers about it are forgotten."""
    with DROP.on(batch, by=by, at=at) as row:
        Sheet.objects.filter(batch=row).delete()
        row.places.all().delete()
    return batch
