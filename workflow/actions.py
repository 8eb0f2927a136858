"""What a person may do to any thing: say something about it, and add a file to it. Written down like every other action."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from workflow.actors import CLOCK, Actor, person_of
from workflow.documents import checking, receiving
from workflow.documents.checking import refused
from workflow.documents.receiving import Upload
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.models.evidence import Comment, File
from workflow.models.post import Message

LONGEST = 5000
COMMENT = "comment"  # the power to say something about a thing and to add files to it
UNDELIVERED = "undelivered"


def comment(
    thing: Model, text: str, *, by: Actor, at: datetime, language: str, city_id: int | None = None
) -> Comment:
    """Say something about a thing, in one's own words: its city reads them. About what all share, the writer's own city does, which
    `city_id` names where they have several.

    Refuses who may not comment on it, an empty text, one above 5,000 characters, and a city that is not theirs.
    """
    _may_add(thing, by, COMMENT)
    city_id = _whose(thing, by, COMMENT, city_id)
    text = text.strip()
    if not text:
        raise Refused("comment_empty", _("Write something first."), field="text")
    if len(text) > LONGEST:
        raise Refused("comment_too_long", _("A comment has 5,000 characters at most."), field="text")
    with transaction.atomic():
        said = Comment.objects.create(
            thing_label=thing._meta.label_lower,
            thing_id=thing.pk,
            city_id=city_id,
            by_id=person_of(by),
            text=text,
            language=language,
            at=at,
        )
        entries.record(thing, "comment", by=by, at=at, city_id=city_id, comment=said.pk)
    return said


def attach(
    thing: Model,
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    power: str = COMMENT,
    city_id: int | None = None,
) -> File:
    """Add a file to a thing: it is taken in, opened apart, cleaned, and kept, for the city that a comment would be read in.

    Refuses who may not (`power` over the thing), a file of another type or size, one that cannot be opened safely, and a city that
    is not theirs.
    """
    _may_add(thing, by, power)
    city_id = _whose(thing, by, power, city_id)
    file = receiving.receive(thing, upload, by=by, at=at, kind=kind, city_id=city_id)
    checking.check(file, at=at)
    if file.status == File.Status.REJECTED:
        raise refused(file)
    entries.record(thing, "attach", by=by, at=at, city_id=city_id, file=file.pk, name=file.name)
    return file


def report_undelivered(message: Message, thing: Model, *, at: datetime) -> None:
    """Write into the history of a thing that a message about it did not arrive, so that a person is told."""
    facts: dict[str, Any] = {"message": str(message.pk), "state": message.state, "to": str(message.recipient)}
    entries.record(thing, UNDELIVERED, by=CLOCK, at=at, reason=message.result, **facts)


def _whose(thing: Model, by: Actor, power: str, told: int | None) -> int | None:
    """The city that reads what is added: the thing's own; for a thing of no city, the writer's, never anybody else's."""
    own: int | None = getattr(thing, "city_id", None)
    if own is not None:
        return own
    mine = by.where(power)
    if told is None and len(mine) > 1:
        raise Refused(
            "city_missing",
            _("Say for which of your cities you add this: its people will see it."),
            field="city",
        )
    if told is not None and told not in mine:
        raise Refused("city_not_yours", _("Choose a city that you write for."), field="city")
    return told if told is not None else next(iter(mine), None)


def may_add(thing: Model, by: Actor, power: str = COMMENT) -> bool:
    """Whether somebody may say something about a thing or add to it: by the power, or by the one the thing is handed on with."""
    return by.may(power, thing) or any(by.may(shared, thing) for shared in getattr(thing, "SHARED_WITH", ()))


def _may_add(thing: Model, by: Actor, power: str) -> None:
    if not may_add(thing, by, power):
        raise Refused(NOT_ALLOWED, _("You may not add anything here. Ask somebody in the city who may."))
