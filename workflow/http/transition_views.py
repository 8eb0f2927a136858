"""Shared page code for moves: a button makes a move at once, a form first asks what the move needs.

No package is known here.
"""

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
from workflow.base_models import JournaledModel
from workflow.errors import NOT_ALLOWED, Words
from workflow.formatting import format_moment
from workflow.http.edit_forms import EditForm, edit_locked
from workflow.http.pages import render_page, run_action
from workflow.http.transition_forms import DueDateForm, OptionalReasonForm, ReasonForm
from workflow.moves import Move, moves_of

ASK_TEMPLATE = "http/transition.html"
REDATED_HINT = _(
    "They are told, and reminders follow the new date, three at most in all. A time outside their working hours moves to the end of "
    "their next working day."
)


def change_due_date(request: HttpRequest, thing: Any, due_at: datetime, action: Callable[..., Any]) -> Any:
    """Set a new due date, and inform the user if it was moved into the contact's working hours."""
    made = action(thing, due_at=due_at, by=request.by, at=clock.now())  # type: ignore[attr-defined]  # set by Reader
    if made.due_at != due_at:
        words = gettext("That was outside their working hours, so it is now %(moment)s.")
        messages.info(request, words % {"moment": format_moment(made.due_at, thing.contact.user.time_zone)})
    return made


def due_date_form(data: Any, thing: Any) -> DueDateForm:
    """Return the form of a move that gives a contact a new due date."""
    return DueDateForm(data, thing.contact.user.time_zone, thing.due_at)


@dataclass(frozen=True)
class TransitionView:
    """Description of one move, as made from a page.

    `act(request, thing, **cleaned)` calls the stage's action. `form` makes the form from the request's data
    and the object; None gives a plain button. `hint` explains what will happen. `after(thing)` returns the
    address to go to afterwards, by default the object's own page. `propose(request, thing, **cleaned)` sends
    the change to those who decide, if the refusal of the move allows a proposal
    (`Refused.details["proposes"]`), and returns the proposal.
    """

    act: Callable[..., Any]
    form: Callable[[Any, Any], forms.Form] | None = None
    hint: Words = ""
    template: str = ASK_TEMPLATE
    after: Callable[[Any], str] | None = None
    propose: Callable[..., JournaledModel] | None = None


def reason_form(data: Any, _thing: JournaledModel) -> ReasonForm:
    """Return the form of a move that needs only a reason."""
    return ReasonForm(data)


def optional_reason_form(data: Any, _thing: JournaledModel) -> OptionalReasonForm:
    """Return the form of a move with an optional reason."""
    return OptionalReasonForm(data)


def run_transition(
    request: HttpRequest, thing: JournaledModel, verb: str, steps: Mapping[str, TransitionView]
) -> HttpResponse:
    """Show the form of a move (GET), or make the move (POST) and go on to the object's page.

    Raises 404 for a verb that the page does not offer.
    """
    step, move = steps.get(verb), moves_of(thing).by_verb.get(verb)
    if step is None or move is None:
        raise Http404
    if step.form is None or not isinstance(step.form(None, thing), EditForm):
        return _run_transition(request, thing, move, step)
    with edit_locked(request, thing):
        return _run_transition(request, thing, move, step)


def _run_transition(
    request: HttpRequest, thing: JournaledModel, move: Move[Any], step: TransitionView
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = step.form(sent, thing) if step.form else None
    if isinstance(form, EditForm):
        form.thing = thing
    closed = move.refusal(request.by, thing, clock.now())  # type: ignore[attr-defined]  # set by Reader
    context = {"thing": thing, "move": move, "step": step, "form": form, "refused": closed}
    if closed is not None and closed.code == NOT_ALLOWED:
        # An edit form shows stored values, which are only for those who may make the move; other forms keep the typed text.
        typed = form if sent is not None and not isinstance(form, EditForm) else None
        template = (
            step.template if typed else ASK_TEMPLATE
        )  # a step's own template is laid out around its form
        return render_page(request, template, context | {"form": typed}, status=403)
    proposes = step.propose if closed is not None and closed.details.get("proposes") else None
    if proposes is not None:
        context |= {"proposes": closed, "refused": None}
        if form is not None and "reason" in form.fields:
            form.fields["reason"].required = True
    if request.method != "POST":
        return render_page(request, step.template, context) if form else HttpResponseNotAllowed(["POST"])
    if form is not None and not form.is_valid():
        return render_page(request, step.template, context, status=422)
    facts = form.cleaned_data if form else {}
    if proposes is not None:
        return run_action(
            request,
            lambda: proposes(request, thing, **facts),
            done=lambda made: made.get_absolute_url(),
            template=step.template,
            context=context | {"refused": None},
        )
    return run_action(
        request,
        lambda: step.act(request, thing, **facts),
        done=lambda _made: step.after(thing) if step.after else thing.get_absolute_url(),
        template=step.template,
        context=context | {"refused": None},
    )
