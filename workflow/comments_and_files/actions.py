"""Actions that add comments and files to any object, and that move a file to another object."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from workflow.actors import Actor, acting_user_id
from workflow.comments_and_files.models import Comment
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import select_locked
from workflow.uploads.actions import accept_upload, check_file, rejection_refusal
from workflow.uploads.file_types import Upload
from workflow.uploads.models import File

MAX_COMMENT_LENGTH = 5000
COMMENT_POWER = "comment"  # the power to comment on an object and to attach files to it


def add_comment(
    thing: Model, text: str, *, by: Actor, at: datetime, language: str, city_id: int | None = None
) -> Comment:
    """Add a comment to an object, for the people of its city to read.

    An object of no city is shared by all; then the people of the author's own city read the comment. An
    author with several cities names one in `city_id`.

    Refuses an author who may not comment on the object, an empty text, more than 5,000 characters, and a city
    that is not the author's.
    """
    _require_permission_to_add(thing, by, COMMENT_POWER)
    city_id = _owning_city_id(thing, by, COMMENT_POWER, city_id)
    text = text.strip()
    if not text:
        raise Refused("comment_empty", _("Enter a comment."), field="text")
    if len(text) > MAX_COMMENT_LENGTH:
        raise Refused("comment_too_long", _("A comment can have at most 5,000 characters."), field="text")
    with transaction.atomic():
        comment = Comment.objects.create(
            thing_label=thing._meta.label_lower,
            thing_id=thing.pk,
            city_id=city_id,
            by_id=acting_user_id(by),
            text=text,
            language=language,
            at=at,
        )
        entries.record(thing, "comment", by=by, at=at, city_id=city_id, comment=comment.pk)
    return comment


def attach_file(
    thing: Model,
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    power: str = COMMENT_POWER,
    city_id: int | None = None,
) -> File:
    """Attach a file to an object, after checking and cleaning it in a separate process.

    The people of the same city as for a comment may read it. Refuses an actor without `power` over the object,
    a file of another type or size, a file that cannot be opened safely, and a city that is not the actor's.
    """
    _require_permission_to_add(thing, by, power)
    city_id = _owning_city_id(thing, by, power, city_id)
    file = accept_upload(thing, upload, by=by, at=at, kind=kind, city_id=city_id)
    check_file(file, at=at)
    if file.status == File.Status.REJECTED:
        raise rejection_refusal(file)
    entries.record(thing, "attach", by=by, at=at, city_id=city_id, file=file.pk, name=file.name)
    return file


def move_file(
    file: File,
    source: Model,
    target: Model,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    power: str = COMMENT_POWER,
) -> File:
    """Move a file from one object to another of the same city, such as from a clearance to its document.

    Its bytes, its author and its city stay. The history of the target records it like an attached file.
    Refuses an actor who may not add to both objects, a file that is no longer at the source or was rejected,
    and a target of another city.
    """
    for thing in (source, target):
        _require_permission_to_add(thing, by, power)
    with transaction.atomic():
        row = select_locked(file)
        here = (row.thing_label, row.thing_id) == (source._meta.label_lower, source.pk)
        if not here or row.status == File.Status.REJECTED or row.city_id != getattr(target, "city_id", None):
            message = _("“%(name)s” is no longer here. Someone may have moved it already.")
            raise Refused("file_moved", message % {"name": row.name}, field="file")
        row.thing_label, row.thing_id, row.kind = target._meta.label_lower, target.pk, kind
        row.save(update_fields=["thing_label", "thing_id", "kind"])
        entries.record(target, "attach", by=by, at=at, city_id=row.city_id, file=row.pk, name=row.name)
    file.thing_label, file.thing_id, file.kind = row.thing_label, row.thing_id, row.kind
    return file


def _owning_city_id(thing: Model, by: Actor, power: str, values: int | None) -> int | None:
    """Return the city whose people read an addition: the object's own city, else one of the actor's.

    Returns None for an actor without cities. Refuses an actor of several cities who names none, and a city that
    is not the actor's.
    """
    object_city_id: int | None = getattr(thing, "city_id", None)
    if object_city_id is not None:
        return object_city_id
    actor_cities = by.cities_with(power)
    if values is None and len(actor_cities) > 1:
        raise Refused(
            "city_missing",
            _("Choose the city for which you are adding this. That city’s staff will see it."),
            field="city",
        )
    if values is not None and values not in actor_cities:
        raise Refused("city_not_yours", _("Choose a city you work for."), field="city")
    return values if values is not None else next(iter(actor_cities), None)


def may_add_comment_or_file(thing: Model, by: Actor, power: str = COMMENT_POWER) -> bool:
    """Return True if the actor may comment on an object or attach files to it.

    The actor needs `power` over the object, or one of the powers in the object's SHARED_WITH_POWERS.
    """
    return by.may(power, thing) or any(
        by.may(shared, thing) for shared in getattr(thing, "SHARED_WITH_POWERS", ())
    )


def _require_permission_to_add(thing: Model, by: Actor, power: str) -> None:
    if not may_add_comment_or_file(thing, by, power):
        raise Refused(NOT_ALLOWED, _("You cannot add anything here. Ask someone in the city who can."))
