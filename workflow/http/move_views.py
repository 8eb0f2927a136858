"""Views that all pages share for moves: make a move at once by a button, or show its form first.

This module imports no app above `workflow`.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from inspect import Parameter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.action_arguments import ActionArguments
from workflow.base_models import JournaledModel
from workflow.edits import pack_edit
from workflow.errors import NOT_ALLOWED, LazyText
from workflow.formatting import format_moment
from workflow.http.confirmations import confirm_move
from workflow.http.edit_forms import EditForm, locked_for_edit
from workflow.http.move_forms import DueDateForm, ReasonForm
from workflow.http.pages import render_page, run_action
from workflow.moves import Move, action_of, moves_of

MOVE_FORM_TEMPLATE = "http/transition.html"
EDIT_VERBS = frozenset(
    {"edit", "correct", "amend"}
)  # of the moves whose label names the link to the form, not its button
SAVE_DETAILS = _("Save details")
DUE_DATE_HINT = _(
    "The contact will be informed of the new date, and reminders will be rescheduled. At most three are "
    "sent in total. A time outside the contact’s working hours is moved to the end of the contact’s next "
    "working day."
)


type MoveFunction = Callable[..., Any]
type FormFactory = Callable[[Any, Any], forms.Form]


def change_due_date(request: HttpRequest, thing: Any, make: MoveFunction, due_at: datetime) -> Any:
    """Set a new due date, and inform the user if it was moved into the contact's working hours."""
    created = make(thing, due_at=due_at)
    if created.due_at != due_at:
        message = gettext(
            "That time was outside the contact’s working hours, so the due date is now %(moment)s."
        )
        messages.info(
            request, message % {"moment": format_moment(created.due_at, thing.contact.user.time_zone)}
        )
    return created


def due_date_form(data: Any, thing: Any) -> DueDateForm:
    """Return the form of a move that gives a contact a new due date."""
    return DueDateForm(data, thing.contact.user.time_zone, thing.due_at)


@dataclass(frozen=True)
class MoveOption:
    """One move on a page, with the settings that do not follow from the signature of the move's action.

    The action gets the actor, the time, the acting person and the cleaned data of the form, with the fields of its
    edit packed (`workflow.edits.pack_edit`).

    - `form`: class or function that makes the form from the request's data and the object, or from the data alone.
      Without one, a move that demands a reason has a form for the reason, and every other move is a plain button.
    - `hint`: text that explains what will happen. `template`: the page of the form.
    - `after(thing)`: returns the address to go to afterwards, by default the object's own page.
    - `propose(request, thing, verb, **cleaned)`: sends the change to those who decide, and returns the proposal. It is
      called if the refusal of the move allows a proposal (`Refused.details["proposes"]`).
    - `fixed_arguments`: arguments that the page itself sets.
    - `act(request, thing, make, **cleaned)`: makes the move if the cleaned data are not yet the arguments of the
      action. `make(thing, **arguments)` is the action, with actor, time and person filled in.

    Raises ValueError for a move without an action, and for a move that needs a form and has none.
    """

    move: Move[Any]
    _: KW_ONLY
    form: Callable[..., forms.Form] | None = None
    hint: LazyText = ""
    template: str = MOVE_FORM_TEMPLATE
    success_url: Callable[[Any], str] | None = None
    propose: Callable[..., JournaledModel] | None = None
    fixed_arguments: Mapping[str, Any] = field(default_factory=dict)
    custom_action: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        needed = ActionArguments.from_action(action_of(self.move)).required_names(
            "reason", *self.fixed_arguments
        )
        if needed and self.form is None and self.custom_action is None:
            raise ValueError(f"“{self.move.verb}” asks for {', '.join(needed)}: name its form")

    @property
    def button_label(self) -> LazyText:
        """Text of the button that sends the form: "Save details" where the move only edits details."""
        return SAVE_DETAILS if self.move.verb in EDIT_VERBS else self.move.label

    @cached_property
    def make_form(self) -> FormFactory | None:
        """Maker of the form from the request's data and the object, or None for a plain button."""
        form = self.form
        if form is None and "reason" in ActionArguments.from_action(action_of(self.move)).required_names():
            form = ReasonForm
        if form is None or _takes_thing(form):
            return form
        alone = form
        return lambda data, _thing: alone(data)

    def make_move(self, request: HttpRequest, thing: Any, **cleaned: Any) -> Any:
        """Make the move for the person who sent the request, with the cleaned data of the form."""
        action = action_of(self.move)

        def make(thing: Any, **arguments: Any) -> Any:
            filled = ActionArguments.from_action(action).request_values(
                by=request.by,  # type: ignore[attr-defined]  # set by Reader
                person=request.user,
                at=clock.now(),
                real_at=clock.real_now(),
            )
            return action(thing, **pack_edit(action, {**arguments, **self.fixed_arguments}), **filled)

        return (
            self.custom_action(request, thing, make, **cleaned)
            if self.custom_action
            else make(thing, **cleaned)
        )


def _takes_thing(form: Callable[..., forms.Form]) -> bool:
    """Return True if the maker of a form takes the object after the data. A plain form takes files there."""
    second = [*inspect.signature(form).parameters.values()][1:2]
    return bool(second) and second[0].kind is Parameter.POSITIONAL_OR_KEYWORD and second[0].name != "files"


def move_options(
    *offered: Move[Any] | MoveOption, after: Callable[[Any], str] | None = None
) -> dict[str, MoveOption]:
    """Return the moves that a page offers, by their verbs.

    A bare `Move` gets a `MoveOption` without options. `after` returns the address to go to after each move
    that names none.
    """
    steps = [one if isinstance(one, MoveOption) else MoveOption(one) for one in offered]
    return {one.move.verb: replace(one, success_url=one.success_url or after) for one in steps}


def run_move(
    request: HttpRequest,
    thing: JournaledModel,
    verb: str,
    steps: Mapping[str, MoveOption],
    *,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of a move (GET), or make the move (POST) and go on to the object's page.

    `context` holds what the template of the move needs beside the form. Raises 404 for a verb that the page does not
    offer.
    """
    step = steps.get(verb)
    if step is None or step.move not in moves_of(thing):
        raise Http404
    if step.make_form is None or not isinstance(step.make_form(None, thing), EditForm):
        return _run_transition(request, thing, step, steps, context or {})
    with locked_for_edit(request, thing):
        return _run_transition(request, thing, step, steps, context or {})


def _run_transition(
    request: HttpRequest,
    thing: JournaledModel,
    step: MoveOption,
    steps: Mapping[str, MoveOption],
    page_context: Mapping[str, Any],
) -> HttpResponse:
    move = step.move
    data = request.POST if request.method == "POST" else None
    form = step.make_form(data, thing) if step.make_form else None
    if isinstance(form, EditForm):
        form.thing = thing
    closed = move.refusal(request.by, thing, clock.now())  # type: ignore[attr-defined]  # set by Reader
    context = {**page_context, "thing": thing, "move": move, "step": step, "form": form, "refused": closed}
    if closed is not None and closed.code == NOT_ALLOWED:
        # An edit form shows stored values, which are only for those who may make the move; other forms keep the typed text.
        typed = form if data is not None and not isinstance(form, EditForm) else None
        template = (
            step.template if typed else MOVE_FORM_TEMPLATE
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
    context |= {"refused": None}
    if proposes is not None:
        return run_action(
            request,
            lambda: proposes(request, thing, move.verb, **facts),
            done=lambda created: created.get_absolute_url(),
            template=step.template,
            context=context,
        )
    return _make(request, thing, step, steps, facts, context)


def _make(
    request: HttpRequest,
    thing: JournaledModel,
    step: MoveOption,
    steps: Mapping[str, MoveOption],
    facts: dict[str, Any],
    context: dict[str, Any],
) -> HttpResponse:
    before = thing.status

    def made(_result: Any) -> str:
        plain = {verb for verb, one in steps.items() if one.make_form is None}
        confirm_move(request, step.move, thing, before, clock.now(), plain=plain, offered=steps)
        return step.success_url(thing) if step.success_url else thing.get_absolute_url()

    return run_action(
        request,
        lambda: step.make_move(request, thing, **facts),
        done=made,
        template=step.template,
        context=context,
    )
