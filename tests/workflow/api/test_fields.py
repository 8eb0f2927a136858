"""Serializer fields of API bodies: references to objects, required fields of a change, and nested values."""

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework import serializers

from tests.workflow.conftest import AT, ActorStub
from workflow.api.fields import (
    EditSerializer,
    FactsSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
)
from workflow.comments_and_files.actions import add_comment
from workflow.comments_and_files.models import Comment
from workflow.uploads.models import File


@pytest.mark.django_db
def test_reference_field_finds_only_objects_visible_to_the_caller(user: Any) -> None:
    said = add_comment(user, "Hello", by=ActorStub(user.pk), at=AT, language="en")

    class Body(serializers.Serializer[Any]):
        by_text = VisibleReferenceField(Comment, "text", required=False)
        by_number = VisiblePrimaryKeyField(Comment, required=False)

    def asked(who: int | None, **data: Any) -> Any:
        body = Body(data=data, context={"by": ActorStub(who)})
        return (
            body.validated_data
            if body.is_valid()
            else {name: told[0].code for name, told in body.errors.items()}
        )

    assert asked(user.pk, by_text="Hello", by_number=said.pk) == {"by_text": said, "by_number": said}
    assert asked(0, by_text="Hello", by_number=said.pk) == {
        "by_text": "does_not_exist",
        "by_number": "does_not_exist",
    }
    for wrong in (5, True, None, "", "x" * 101, "a\0b", ["a"]):
        assert asked(user.pk, by_text=wrong)["by_text"] in ("invalid", "null", "does_not_exist")


def test_edit_serializer_requires_only_its_always_required_fields() -> None:
    class FileEdit(EditSerializer):
        reason = reason_field()

        class Meta:
            model = File
            fields = ("name", "kind", "reason")
            always = ("reason",)

    required = {name: field.required for name, field in FileEdit().fields.items()}
    assert required == {"name": False, "kind": False, "reason": True}
    assert FileEdit().validators == []


def test_nested_body_becomes_the_value_its_action_takes() -> None:
    class Pair(FactsSerializer):
        a = serializers.IntegerField()

        class Meta:
            makes = SimpleNamespace

    class Body(serializers.Serializer[Any]):
        pairs = Pair(many=True)

    body = Body(data={"pairs": [{"a": 1}]})
    assert body.is_valid()
    assert body.validated_data["pairs"] == [SimpleNamespace(a=1)]
