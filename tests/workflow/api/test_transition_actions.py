"""What the API derives from an action that changes a status: its body, its address, and the acting person."""

from datetime import date, datetime
from typing import Any

import pytest
from rest_framework import serializers

from accounts.models import ActingUser, User
from tests.workflow.test_move_actions import new_move
from workflow.actors import Actor
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import EmptySerializer, MoveOperation, move_operations
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.moves import register_action
from workflow.uploads.models import File

PRESS, STOP, SET, MARK_A, MARK_B, MARK_C = (
    new_move(verb) for verb in ("press", "stop", "set_day", "mark_a", "mark_b", "mark_c")
)


@register_action(PRESS)
def press(file: File, *, judge: ActingUser, by: Actor, at: datetime) -> File:
    """Press it."""
    return file


@register_action(STOP)
def stop(file: File, *, reason: str, by: Actor, at: datetime, answer: str = "", kind: str = "") -> File:
    return file


@register_action(SET)
def set_day(
    file: File,
    name: str,
    *,
    on: date,
    until: date | None = None,
    due_at: datetime,
    heard_at: datetime | None = None,
    pieces: int = 0,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> File:
    return file


@register_action(MARK_A, MARK_B, MARK_C)
def mark(file: File, status: str, *, reason: str, by: Actor, at: datetime) -> File:
    return file


def fields(operation: MoveOperation) -> dict[str, Any]:
    operation.derive_body("FileOne", File, on_thing=True)
    return dict(operation.body().fields)


def test_action_without_arguments_has_an_empty_body_and_an_acting_person():
    operation = MoveOperation(PRESS)
    assert fields(operation) == {}
    assert operation.body is EmptySerializer
    assert (operation.action, operation.arguments.acting_person_argument, operation.moves) == (
        press,
        "judge",
        ("press",),
    )


def test_reasons_and_text_fields_are_derived_from_the_action_signature():
    told = fields(MoveOperation(STOP))
    assert list(told) == ["reason", "answer", "kind"]
    assert (told["reason"].required, told["reason"].max_length) == (True, MAX_TEXT_LENGTH)
    assert (told["answer"].required, told["answer"].max_length) == (False, MAX_TEXT_LENGTH)
    assert told["kind"].max_length == File._meta.get_field("kind").max_length


def test_date_and_time_fields_are_derived_from_the_action_signature():
    told = fields(MoveOperation(SET))
    assert {name: (type(field), field.required) for name, field in told.items()} == {
        "name": (serializers.CharField, True),
        "on": (serializers.DateField, True),
        "until": (serializers.DateField, False),
        "due_at": (serializers.DateTimeField, True),
        "heard_at": (serializers.DateTimeField, False),
    }
    assert told["heard_at"].help_text


def test_named_field_replaces_the_derived_one():
    told = fields(
        MoveOperation(
            SET, until=serializers.DateField(allow_null=True), carrier=serializers.CharField(max_length=9)
        )
    )
    assert told["until"].allow_null
    assert told["carrier"].max_length == 9
    assert {"on", "due_at"} <= told.keys()


def test_custom_serializer_of_api_action_is_used_unchanged():
    class Body(StrictSerializer):
        """A body."""

        on = serializers.DateField()

    operation = MoveOperation(SET, body=Body)
    assert list(fields(operation)) == ["on"]
    assert operation.body is Body


def test_argument_without_a_derivable_field_must_be_given_one():
    def give(file: File, pieces: int, *, by: Actor, at: datetime) -> File:
        return file

    with pytest.raises(ValueError, match="give takes “pieces”: name its field"):
        fields(MoveOperation(action=give))
    assert list(fields(MoveOperation(action=give, pieces=serializers.IntegerField()))) == ["pieces"]


def test_argument_fixed_by_the_operation_is_not_in_the_body():
    assert list(fields(MoveOperation(MARK_A, fixed={"status": "a"}))) == ["reason"]


def test_create_operation_asks_for_the_object_itself():
    begin = MoveOperation(PRESS, file=serializers.CharField())
    begin.derive_body("FileCreate", File, on_thing=False)
    assert list(begin.body().fields) == ["file"]


def test_operation_must_name_its_status_change_or_action():
    with pytest.raises(ValueError, match="name the move or the action"):
        MoveOperation()
    with pytest.raises(ValueError, match="people do not make “nobody”"):
        move_operations(new_move("nobody"))


def test_status_changes_are_addressed_by_verb_and_other_operations_by_name():
    def adapt(file: File, *, author: ActingUser, by: Actor, at: datetime) -> File:
        return file

    verbs = move_operations(SET, MoveOperation(STOP, action=adapt), put_aside=MoveOperation(action=adapt))
    assert list(verbs) == ["set-day", "stop", "put-aside"]
    assert (verbs["stop"].action, verbs["stop"].move, verbs["stop"].arguments.acting_person_argument) == (
        adapt,
        STOP,
        "author",
    )
    assert (verbs["put-aside"].move, verbs["put-aside"].moves) == (None, ())


def test_status_changes_of_one_action_share_an_address_unless_listed_separately():
    assert move_operations(MARK_B)["mark-b"].moves == ("mark_b", "mark_a", "mark_c")
    verbs = move_operations(MARK_A, MARK_C)
    assert {address: one.moves for address, one in verbs.items()} == {
        "mark-a": ("mark_a", "mark_b"), "mark-c": ("mark_c",),
    }  # fmt: skip


def test_acting_user_type_is_a_user():
    assert ActingUser.__value__.__origin__ is User
