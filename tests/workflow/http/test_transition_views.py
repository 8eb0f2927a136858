"""What a page derives from an action that changes a status: its form, and the arguments that the request fills."""

from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.test import RequestFactory

from accounts.models import ActingUser, User
from tests.workflow.conftest import AT, ActorStub
from tests.workflow.test_move_actions import new_move
from workflow import clock
from workflow.actors import Actor
from workflow.http.move_forms import OptionalReasonForm, ReasonForm
from workflow.http.move_views import MoveOption, move_options
from workflow.moves import register_action

PRESS, STOP, LEAVE, NAME, MARK, NOBODY = (
    new_move(verb) for verb in ("press", "stop", "leave", "name", "mark", "nobody")
)
FILE = object()


class NameForm(forms.Form):
    """A form that needs only what was sent."""

    name = forms.CharField()


class ThingForm(forms.Form):
    """A form that also needs the object."""

    name = forms.CharField()

    def __init__(self, data: Any, thing: object) -> None:
        super().__init__(data)
        self.thing = thing


@register_action(PRESS)
def press(file: object, *, by: Actor, at: datetime, word: str = "") -> dict[str, Any]:
    return {"file": file, "by": by, "at": at, "word": word}


@register_action(STOP)
def stop(file: object, *, reason: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {"reason": reason}


@register_action(LEAVE)
def leave(file: object, *, reason: str = "", by: Actor, at: datetime) -> dict[str, Any]:
    return {"reason": reason}


@register_action(NAME)
def name_it(
    file: object, name: str, *, author: ActingUser, by: Actor, at: datetime, real_at: datetime
) -> dict[str, Any]:
    return {"file": file, "name": name, "author": author, "by": by, "at": at, "real_at": real_at}


@register_action(MARK)
def mark(file: object, status: str, *, by: Actor, at: datetime) -> str:
    return status


@pytest.fixture
def request_of(monkeypatch):
    """A request of one person, at one moment of a practice site."""
    request = RequestFactory().post("/")
    request.by, request.user = ActorStub(7), User(name="Ms Li")
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "real_now", lambda: AT.replace(year=2026))
    return request


def form_of(view: MoveOption) -> forms.Form | None:
    return view.make_form(None, FILE) if view.make_form else None


def test_status_change_without_arguments_is_a_button_without_a_form():
    assert form_of(MoveOption(PRESS)) is None
    assert form_of(MoveOption(LEAVE)) is None


def test_status_change_with_a_required_reason_has_a_reason_form():
    assert isinstance(form_of(MoveOption(STOP)), ReasonForm)
    assert isinstance(form_of(MoveOption(LEAVE, form=OptionalReasonForm)), OptionalReasonForm)


def test_action_form_receives_object_where_it_has_parameter_for_it():
    made = form_of(MoveOption(NAME, form=ThingForm))
    assert isinstance(made, ThingForm)
    assert made.thing is FILE
    assert isinstance(form_of(MoveOption(NAME, form=NameForm)), NameForm)
    made = form_of(MoveOption(NAME, form=lambda data, thing: ThingForm(data, [thing])))
    assert made.thing == [FILE]


def test_status_change_with_further_arguments_must_name_its_form():
    with pytest.raises(ValueError, match="“name” asks for name: name its form"):
        MoveOption(NAME)
    with pytest.raises(ValueError, match="“mark” asks for status"):
        MoveOption(MARK)
    assert form_of(MoveOption(MARK, fixed_arguments={"status": "altered"})) is None


def test_status_change_without_an_action_cannot_be_offered():
    with pytest.raises(ValueError, match="people do not make “nobody”"):
        move_options(NOBODY)


def test_request_fills_actor_times_and_acting_person(request_of):
    made = MoveOption(NAME, form=NameForm).make_move(request_of, FILE, name="A")
    assert made == {
        "file": FILE,
        "name": "A",
        "author": request_of.user,
        "by": request_of.by,
        "at": AT,
        "real_at": AT.replace(year=2026),
    }
    assert MoveOption(PRESS).make_move(request_of, FILE) == {
        "file": FILE, "by": request_of.by, "at": AT, "word": "",
    }  # fmt: skip


def test_page_may_fix_arguments_and_prepare_the_call(request_of):
    assert MoveOption(MARK, fixed_arguments={"status": "altered"}).make_move(request_of, FILE) == "altered"

    def twice(request: Any, thing: object, make: Any, words: str) -> list[dict[str, Any]]:
        return [make(one, reason=f"{words}, says {request.user}") for one in (thing, thing)]

    view = MoveOption(STOP, form=NameForm, custom_action=twice)
    assert view.make_move(request_of, FILE, words="late") == [{"reason": "late, says Ms Li"}] * 2


def test_page_status_changes_are_keyed_by_verb_and_redirect_to_their_address():
    views = move_options(
        PRESS, MoveOption(STOP, success_url=lambda thing: "/own/"), after=lambda thing: "/all/"
    )
    assert list(views) == ["press", "stop"]
    assert [view.success_url(FILE) for view in views.values() if view.success_url] == ["/all/", "/own/"]
