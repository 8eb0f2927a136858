"""Rows of API responses: made from an object or from columns, and written as JSON."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from rest_framework import serializers

from tests.workflow.conftest import AT
from workflow.api.available_moves import verb_path
from workflow.api.fast_serializers import ComputedField, NamedReferenceField, RowSerializer
from workflow.uploads.models import File


class WriterRow(RowSerializer):
    class Meta:
        model = File
        fields = ("name",)


class FileRow(RowSerializer):
    by = NamedReferenceField("email")
    short = ComputedField("name", "size", by=lambda name, size: f"{name} {size}")
    writer = NamedReferenceField("email", source="by")
    itself = WriterRow(source="twin")

    class Meta:
        model = File
        fields = ("name", "status", "size", "created_at", "by", "short", "writer", "itself")


def test_row_is_read_from_an_object_along_nullable_paths() -> None:
    person = SimpleNamespace(email="li@x.example")
    thing = SimpleNamespace(name="a.jpg", status="clean", size=5, created_at=AT, by=person, twin=None)
    assert FileRow.represent(thing) == {
        "name": "a.jpg",
        "status": "clean",
        "size": 5,
        "created_at": "2020-04-16T16:00:00Z",
        "by": "li@x.example",
        "short": "a.jpg 5",
        "writer": "li@x.example",
        "itself": None,
    }
    thing.by, thing.twin = None, SimpleNamespace(name="b.jpg")
    told = FileRow().to_representation(thing)
    assert (told["by"], told["itself"]) == (None, {"name": "b.jpg"})


def test_api_row_reads_its_fields_from_listed_columns() -> None:
    assert FileRow.columns() == ("name", "status", "size", "created_at", "by__email")
    told = FileRow.represent_columns(("a.jpg", "clean", 5, AT + timedelta(0), None))
    assert (told["short"], told["by"]) == ("a.jpg 5", None)
    assert FileRow().fields["status"].choices == dict(File.Status.choices)


def test_row_field_without_a_column_is_refused_at_definition() -> None:
    class Blind(RowSerializer):
        by = serializers.HyperlinkedIdentityField(view_name="x")

        class Meta:
            model = File
            fields = ("by",)

    class Listed(RowSerializer):
        parts = serializers.ListSerializer(child=serializers.Serializer())

        class Meta:
            model = File
            fields = ("parts",)

    for row in (Blind, Listed):
        with pytest.raises(TypeError, match="a row"):
            row.represent(SimpleNamespace(by=1, parts=[]))


def test_decimals_dates_and_json_are_written_as_json_values() -> None:
    class Written(RowSerializer):
        weight = serializers.DecimalField(8, 4)
        day = serializers.DateField()
        facts = serializers.JSONField()

        class Meta:
            model = File
            fields = ("weight", "day", "facts")

    assert Written.represent_columns((Decimal("1E+2"), date(2020, 4, 16), '{"a": 1}')) == {
        "weight": "100",
        "day": "2020-04-16",
        "facts": {"a": 1},
    }
    assert Written.represent_columns((None, None, None)) == {"weight": None, "day": None, "facts": None}


def test_underscores_in_verbs_become_dashes_in_addresses() -> None:
    assert verb_path("hand_over") == "hand-over"
