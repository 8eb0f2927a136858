"""The link between a status change and its action, and the arguments that a request fills."""

import inspect
from datetime import datetime
from typing import Any

import pytest

from accounts.models import ActingUser, User
from tests.workflow.conftest import AT, ActorStub
from workflow.action_arguments import ActionArguments
from workflow.actors import Actor
from workflow.moves import Move, action_of, moves_made_by, one_of, register_action
from workflow.uploads.models import File


def new_move(verb: str = "rename") -> Move[File]:
    return Move(
        verb=verb,
        label=verb,
        past_tense=verb,
        source=one_of(File.Status.CLEAN),
        allowed=lambda by, file: True,
    )


def test_status_change_and_its_action_refer_to_each_other():
    first, second, other = new_move("rename"), new_move("shorten"), new_move("forget")

    def rename(file: File, *, by: Actor, at: datetime, name: str = "") -> File:
        """Rename the file."""
        return file

    made = register_action(first, second)(rename)
    assert made is rename
    assert inspect.signature(made).parameters["name"].default == ""
    assert (first.action, second.action, other.action) == (rename, rename, None)
    assert moves_made_by(rename) == (first, second)
    assert moves_made_by(new_move) == ()


def test_status_change_has_one_action_and_an_action_at_least_one_status_change():
    taken, free = new_move(), new_move("shorten")

    def rename(file: File, *, by: Actor, at: datetime) -> File:
        return file

    def shorten(file: File, *, by: Actor, at: datetime) -> File:
        return file

    register_action(taken)(rename)
    with pytest.raises(ValueError, match=r"“rename” is made by .*rename, not by .*shorten"):
        register_action(free, taken)(shorten)
    assert (taken.action, free.action) == (rename, None)
    with pytest.raises(ValueError, match="name the moves"):
        register_action()


def test_automatic_status_change_has_no_action_for_people():
    move = new_move("lapse")
    with pytest.raises(ValueError, match="people do not make “lapse”"):
        action_of(move)


def change(
    file: File,
    name: str,
    *,
    judge: ActingUser,
    witness: User | None = None,
    by: Actor,
    at: datetime,
    real_at: datetime,
    **facts: Any,
) -> File:
    return file


def forget(*, by: Actor, at: datetime) -> None:
    """Forget."""


def test_action_signature_separates_request_and_body_arguments():
    arguments = ActionArguments.from_action(change)
    assert arguments.acting_person_argument == "judge"
    assert [one.name for one in arguments.input_parameters] == ["file", "name", "witness"]
    assert arguments.required_names() == ["name"]
    assert arguments.required_names("name") == []
    by, user = ActorStub(7), User(name="Ms Li")
    assert arguments.request_values(by=by, person=user, at=AT, real_at=AT) == {
        "by": by,
        "at": AT,
        "real_at": AT,
        "judge": user,
    }


def test_action_receives_only_arguments_of_its_signature():
    filled = ActionArguments.from_action(forget).request_values(
        by=ActorStub(7), person=User(), at=AT, real_at=AT
    )
    assert filled == {"by": ActorStub(7), "at": AT}
    assert (
        ActionArguments.from_action(forget).input_parameters,
        ActionArguments.from_action(forget).acting_person_argument,
    ) == ((), "")


def test_action_must_take_actor_and_time_and_at_most_one_acting_person():
    def without(file: File, *, by: Actor) -> None: ...

    def with_two(file: File, *, author: ActingUser, judge: ActingUser, by: Actor, at: datetime) -> None: ...

    with pytest.raises(ValueError, match="does not take `by` and `at`"):
        ActionArguments.from_action(without)
    with pytest.raises(ValueError, match="more than once"):
        ActionArguments.from_action(with_two)
