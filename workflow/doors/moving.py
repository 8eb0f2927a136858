"""The page door's shared part for moves: a button makes one at once, a form asks first what it needs. Knows no stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit, editing
from workflow.doors.forms import MomentField
from workflow.doors.http import attempt, show
from workflow.doors.words import localised, moment, offset
from workflow.errors import NOT_ALLOWED, Words
from workflow.models.tracked import Tracked
from workflow.moves import Move, moves_of

ASK = "moves/ask.html"
REDATED = _(
    "They are told, and reminders follow the new date, three at most in all. A time outside their working hours moves to the end of "
    "their next working day."
)


class Reason(forms.Form):
    """The written reason that some moves demand."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )


class Word(forms.Form):
    """A reason that may be left out."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS, required=False
    )


class Day(Edit):
    """Another day by which something is hoped for, on the clock of the place where the person asked is."""

    def __init__(self, data: Any, zone: str, first: datetime | None) -> None:
        super().__init__(data)
        label = _("Hoped for by, on their clock (%(zone)s)")
        told = {"zone": offset(localised(first or clock.now(), zone))}
        self.fields["due_at"] = MomentField(label=label % told, zone=zone, initial=first)


def redate(request: HttpRequest, thing: Any, due_at: datetime, action: Callable[..., Any]) -> Any:
    """Give another day, and say with its time zone which it became where it was moved into their working hours."""
    made = action(thing, due_at=due_at, by=request.by, at=clock.now())  # type: ignore[attr-defined]  # set by Reader
    if made.due_at != due_at:
        words = gettext("That was outside their working hours, so it is now %(moment)s.")
        messages.info(request, words % {"moment": moment(made.due_at, thing.contact.user.time_zone)})
    return made


def day_form(data: Any, thing: Any) -> Day:
    """The form of a move that gives a contact another day."""
    return Day(data, thing.contact.user.time_zone, thing.due_at)


@dataclass(frozen=True)
class Step:
    """How one move is made from a page.

    `act(request, thing, **cleaned)` calls the stage's action. `form` makes the form, given the request's data and the thing;
    None for a plain button. `hint` says what will happen. `after(thing)` is where to go then; the thing's own page by default.
    `propose(request, thing, **cleaned)` sends it to those who decide, where the move is refused so (`Refused.details["proposes"]`), and
    returns the proposal.
    """

    act: Callable[..., Any]
    form: Callable[[Any, Any], forms.Form] | None = None
    hint: Words = ""
    template: str = ASK
    after: Callable[[Any], str] | None = None
    propose: Callable[..., Tracked] | None = None


def reason_form(data: Any, _thing: Tracked) -> Reason:
    """The form of a move that needs nothing but a reason."""
    return Reason(data)


def word_form(data: Any, _thing: Tracked) -> Word:
    """The form of a move that takes a reason and asks for none."""
    return Word(data)


def make(request: HttpRequest, thing: Tracked, verb: str, steps: Mapping[str, Step]) -> HttpResponse:
    """Show what a move asks (GET), or make it (POST) and go on to the thing's page. 404 for a verb the page does not offer."""
    step, move = steps.get(verb), moves_of(thing).by_verb.get(verb)
    if step is None or move is None:
        raise Http404
    if step.form is None or not isinstance(step.form(None, thing), Edit):
        return _made(request, thing, move, step)
    with editing(request, thing):
        return _made(request, thing, move, step)


def _made(request: HttpRequest, thing: Tracked, move: Move[Any], step: Step) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = step.form(sent, thing) if step.form else None
    if isinstance(form, Edit):
        form.thing = thing
    closed = move.refusal(request.by, thing, clock.now())  # type: ignore[attr-defined]  # set by Reader
    context = {"thing": thing, "move": move, "step": step, "form": form, "refused": closed}
    if closed is not None and closed.code == NOT_ALLOWED:
        # An edit form holds what is known of the thing, which is for those who may make the move; what was typed is never lost.
        typed = form if sent is not None and not isinstance(form, Edit) else None
        template = step.template if typed else ASK  # a step's own template is laid out around its form
        return show(request, template, context | {"form": typed}, status=403)
    proposes = step.propose if closed is not None and closed.details.get("proposes") else None
    if proposes is not None:
        context |= {"proposes": closed, "refused": None}
        if form is not None and "reason" in form.fields:
            form.fields["reason"].required = True
    if request.method != "POST":
        return show(request, step.template, context) if form else HttpResponseNotAllowed(["POST"])
    if form is not None and not form.is_valid():
        return show(request, step.template, context, status=422)
    facts = form.cleaned_data if form else {}
    if proposes is not None:
        return attempt(
            request,
            lambda: proposes(request, thing, **facts),
            done=lambda made: made.get_absolute_url(),
            template=step.template,
            context=context | {"refused": None},
        )
    return attempt(
        request,
        lambda: step.act(request, thing, **facts),
        done=lambda _made: step.after(thing) if step.after else thing.get_absolute_url(),
        template=step.template,
        context=context | {"refused": None},
    )
