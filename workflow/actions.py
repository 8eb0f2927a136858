"""What a person may do to any thing: say something about it, and add a file to it. Written down like every other action."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from workflow import documents, journal
from workflow.actors import CLOCK, Actor, person_of
from workflow.documents.checking import refused
from workflow.documents.receiving import Upload
from workflow.errors import NOT_ALLOWED, Refused
from workflow.models import Comment, File, Message

LONGEST = 5000
COMMENT = "comment"  # the power to say something about a thing and to add files to it
UNDELIVERED = "undelivered"


def comment(thing: Model, text: str, *, by: Actor, at: datetime, language: str) -> Comment:
    """Say something about a thing, in one's own words.

    Refuses who may not comment on it, an empty text, and one above 5,000 characters.
    """
    _may_add(thing, by, COMMENT)
    text = text.strip()
    if not text:
        raise Refused("comment_empty", _("Write something first."), field="text")
    if len(text) > LONGEST:
        raise Refused("comment_too_long", _("A comment has 5,000 characters at most."), field="text")
    with transaction.atomic():
        said = Comment.objects.create(
            thing_label=thing._meta.label_lower,
            thing_id=thing.pk,
            city_id=getattr(thing, "city_id", None),
            by_id=person_of(by),
            text=text,
            language=language,
            at=at,
        )
        journal.record(thing, "comment", by=by, at=at, comment=said.pk)
    return said


def attach(
    thing: Model, upload: Upload, *, by: Actor, at: datetime, kind: str = "", power: str = COMMENT
) -> File:
    """Add a file to a thing: it is taken in, opened apart, cleaned, and kept.

    Refuses who may not (`power` over the thing), a file of another type or size, and one that cannot be opened safely.
    """
    _may_add(thing, by, power)
    file = documents.receive(thing, upload, by=by, at=at, kind=kind)
    documents.check(file, at=at)
    if file.status == File.Status.REJECTED:
        raise refused(file)
    journal.record(thing, "attach", by=by, at=at, file=file.pk, name=file.name)
    return file


def report_undelivered(message: Message, thing: Model, *, at: datetime) -> None:
    """Write into the history of a thing that a message about it did not arrive, so that a person is told."""
    facts: dict[str, Any] = {"message": str(message.pk), "state": message.state, "to": str(message.recipient)}
    journal.record(thing, UNDELIVERED, by=CLOCK, at=at, reason=message.result, **facts)


def may_add(thing: Model, by: Actor, power: str = COMMENT) -> bool:
    """Whether somebody may say something about a thing or add to it: by the power, or by the one the thing is handed on with."""
    return by.may(power, thing) or any(by.may(shared, thing) for shared in getattr(thing, "SHARED_WITH", ()))


def _may_add(thing: Model, by: Actor, power: str) -> None:
    if not may_add(thing, by, power):
        raise Refused(NOT_ALLOWED, _("You may not add anything here. Ask somebody in the city who may."))
