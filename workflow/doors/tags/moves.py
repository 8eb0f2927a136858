"""The moves of a thing as buttons, and the reason where one is closed."""

from typing import Any

from django import template
from django.template import Context

from workflow import clock
from workflow.actors import Actor
from workflow.models.tracked import Tracked
from workflow.moves import leads_on, moves_of

register = template.Library()


@register.inclusion_tag("components/moves.html", takes_context=True)
def moves(
    context: Context,
    thing: Tracked,
    powers: Actor,
    leave_out: str = "",
    asks: str = "",
    quiet: str = "",
    card: str = "",
    also: str = "",
    first: str = "",
) -> dict[str, Any]:
    """`{% moves shipment powers %}`: open moves as buttons, closed ones greyed with the reason in words.
    One that others decide leads to the form that proposes it to them.

    A move posts to `<address of the thing><verb>/`. One that needs a reason, or is named in `asks` ("allocate cut"), is a link to
    that address, whose page asks first. The first that leads the thing on is the primary button, none of those named in `quiet`.
    `leave_out` names verbs the page offers elsewhere. `card` heads a card of their own, left out where there is nothing to do.
    `first` and `also` name templates of what the page itself puts before and after the buttons: they know the `thing`.
    """
    found = moves_of(thing).available(powers, thing, clock.now())
    answers = [(move, no) for move, no in found if move.verb not in leave_out.split()]
    base = thing.get_absolute_url()
    opened = [move for move, no in answers if no is None]
    proposed = {move.verb for move, no in answers if no is not None and no.details.get("proposes")}
    onward = next((move for move in opened if move.verb not in quiet.split() and leads_on(move, thing)), None)
    buttons = [
        (move, f"{base}{move.verb}/", move.reason or move.verb in asks.split(), move is onward)
        for move in sorted(opened, key=lambda move: move is not onward)  # the one that leads on stands first
    ]
    closed = [(move, no) for move, no in answers if no is not None and move.verb not in proposed]
    return {
        "buttons": buttons,
        "closed": closed,
        "proposals": [(move, f"{base}{move.verb}/", no) for move, no in answers if move.verb in proposed],
        "of": f"{thing._meta.model_name}-{thing.pk}",  # a page may show the moves of several things
        "card": card,
        "also": also,
        "first": first,
        "thing": thing,
        "csrf_token": context.get("csrf_token"),
        "shell": context.get("shell"),
    }
