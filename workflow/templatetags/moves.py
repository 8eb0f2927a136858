"""Template tag for the moves of an object as buttons, and the reason if a move is closed."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context

from workflow import clock
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.moves import Move, advances_life_cycle, moves_of

register = template.Library()


def _answers(thing: JournaledModel, powers: Actor, leave_out: str) -> list[tuple[Any, Any]]:
    """Return the moves that the page offers, each with its refusal, or None if it is open."""
    return list(moves_of(thing).available(powers, thing, clock.now(), leave_out.split()))


def _primary_move(opened: Sequence[Move[Any]], thing: JournaledModel, quiet: str) -> Move[Any] | None:
    """Return the first open move that takes the object further, except those named in `quiet`, or None."""
    onward = (move for move in opened if move.verb not in quiet.split() and advances_life_cycle(move, thing))
    return next(onward, None)


@register.inclusion_tag("components/moves.html", takes_context=True)
def moves(
    context: Context,
    thing: JournaledModel,
    powers: Actor,
    leave_out: str = "",
    asks: str = "",
    quiet: str = "",
    card: str = "",
    also: str = "",
    first: str = "",
    rare: str = "",
) -> dict[str, Any]:
    """Show open moves as buttons, and closed ones greyed with the reason: `{% moves shipment powers %}`.

    `powers` is the reader as an actor. A button posts to `<address of the object><verb>/`. A move that needs a
    reason, or is named in `asks` ("allocate cut"), is a link to that address, whose page asks first. A move that
    others decide about is a link to the form that proposes it to them. The primary button is the first move that
    takes the object further, except those named in `quiet`.

    `leave_out` names verbs that the page offers elsewhere. `card` is the heading of a card of its own, which
    is left out if there is nothing to do. `first` and `also` name templates that the page puts before and
    after the buttons; they get the object as `thing`. The buttons of `rare` are folded, except the primary one.
    """
    answers = _answers(thing, powers, leave_out)
    base = thing.get_absolute_url()
    opened = [move for move, no in answers if no is None]
    proposed = {move.verb for move, no in answers if no is not None and no.details.get("proposes")}
    onward = _primary_move(opened, thing, quiet)
    buttons = [
        (move, f"{base}{move.verb}/", move.requires_reason or move.verb in asks.split(), move is onward)
        for move in sorted(opened, key=lambda move: move is not onward)  # the primary button comes first
    ]
    return {
        "buttons": [one for one in buttons if one[0].verb not in rare.split() or one[-1]],
        "rare": [one for one in buttons if one[0].verb in rare.split() and not one[-1]],
        "closed": [(move, no) for move, no in answers if no is not None and move.verb not in proposed],
        "proposals": [(move, f"{base}{move.verb}/", no) for move, no in answers if move.verb in proposed],
        "of": f"{thing._meta.model_name}-{thing.pk}",  # a page may show the moves of several objects
        "card": card,
        "also": also,
        "first": first,
        "thing": thing,
        "csrf_token": context.get("csrf_token"),
        "shell": context.get("shell"),
    }
