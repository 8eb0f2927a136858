"""Confirmation message after a move: the result, the next step, and an Undo link if the move can be undone."""

from collections.abc import Container
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.moves import Move, advances_life_cycle, moves_of

TAG_SEPARATOR = " "


class UndoLink(NamedTuple):
    """Address of the move that reverses an action; `needs_reason` is True if its page asks for a reason."""

    url: str
    needs_reason: bool


def confirm_move(
    request: HttpRequest,
    move: Move[Any],
    thing: JournaledModel,
    before: str,
    at: datetime,
    *,
    plain: Container[str] = (),
    offered: Container[str] = (),
) -> None:
    """Add a message to the next page that confirms a move and names its result.

    `before` is the status before the move. `offered` are the verbs that the object's page serves; `plain` are those
    among them that need no form.
    """
    by: Actor = request.by  # type: ignore[attr-defined]  # set by Reader
    words = [_sentence(move, thing, before)]
    following = next_move(by, thing, at)
    if following is not None:
        words.append(_("Next: %(label)s.") % {"label": following.label})
    undo = undoing_move(by, move, thing, at)
    tags = ""
    if undo is not None and undo.verb in offered:
        kind = "post" if undo.verb in plain else "ask"
        tags = f"{kind}{TAG_SEPARATOR}{thing.get_absolute_url()}{undo.verb}/"
    messages.success(request, " ".join(words), extra_tags=tags)


def _sentence(move: Move[Any], thing: JournaledModel, before: str) -> str:
    if thing.status == before:
        return _("Done: %(label)s (%(thing)s).") % {"label": move.label, "thing": thing}
    return _("%(thing)s: the status is now “%(status)s”.") % {
        "thing": thing,
        "status": thing.get_status_display(),
    }


def next_move(by: Actor, thing: JournaledModel, at: datetime) -> Move[Any] | None:
    """Return the first open move that advances the object in its life cycle, or None."""
    found = moves_of(thing).available(by, thing, at)
    return next((move for move, no in found if no is None and advances_life_cycle(move, thing)), None)


def undoing_move(by: Actor, move: Move[Any], thing: JournaledModel, at: datetime) -> Move[Any] | None:
    """Return the move that reverses this one, or None if there is none or the actor cannot make it now."""
    undo = moves_of(thing).by_verb.get(move.undo_verb)
    return undo if undo is not None and undo.refusal(by, thing, at) is None else None


def undo_from_tags(tags: str) -> UndoLink | None:
    """Return the Undo that a message carries in its extra tags, or None."""
    kind, found, url = tags.partition(TAG_SEPARATOR)
    return UndoLink(url, needs_reason=kind == "ask") if found else None
