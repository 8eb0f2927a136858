"""Tests that every field of every API body refuses values of other types, instead of rounding or guessing."""

from typing import Any

import pytest
from rest_framework import serializers

from partners.disputes.api import ClaimField
from procurement.shared_api.all_collections import COLLECTIONS
from procurement.verification.api import EvidenceField
from tests.worlds.cities import powers_for
from tests.worlds.shipments import Journey
from workflow.api.fields import ChildReferenceField

pytestmark = pytest.mark.django_db
type Field = serializers.Field[Any, Any, Any, Any]

NO_TEXT = [5, 1.5, True, [], {}, ["x"], "\0", "a\0b"]
NO_COUNT = [1.5, 1.0, True, "5", "1e3", 10**30, -(10**30), [], [[1]], {}]
NO_AMOUNT = [
    0.5,
    True,
    "1e400",
    "1e3",
    "NaN",
    "Infinity",
    "-Infinity",
    "１２",
    "1,5",
    "1 000",
    "9" * 40,
    [],
    {},
]
NO_DAY = [0, 20200531, True, "0001-01-01", "9999-12-31", "2020-02-30", "31/05/2020", "today", [], {}]
NO_TRUTH = [0, 1, "true", "yes", "on", [], {}]
NO_CHOICE = ["nonsense", "<b>", "zz", 77, True, 1.5, ["nonsense"], [["nonsense"]], {}]
NO_LIST = [5, True, "x", {"0": "x"}, {}]
NO_THING = ["no such thing", "\0", 1.5, True, [], {}, ["x"]]
# The first type that fits the field decides.
KINDS: list[tuple[Any, list[Any]]] = [
    (serializers.FileField, []),  # sent as a form
    (serializers.BaseSerializer, [5, True, "x"]),
    (serializers.ManyRelatedField, [5, True, "x", {}, ["no such thing"], [[["x"]]]]),
    (serializers.RelatedField, NO_THING),
    (serializers.ChoiceField, NO_CHOICE),
    (serializers.CharField, NO_TEXT),
    (serializers.IntegerField, NO_COUNT),
    (serializers.BooleanField, NO_TRUTH),
    (serializers.DecimalField, NO_AMOUNT),
    (serializers.DateTimeField, [*NO_DAY, "2020-05-31", "2020-05-31T10:00:00", "9999-12-31T23:59:59Z"]),
    (serializers.DateField, [*NO_DAY, "2020-05-31T10:00:00Z"]),
    (serializers.TimeField, [5, True, "25:00", "8 am", "noon", [], {}]),
    (serializers.ListField, NO_LIST),
    (serializers.DictField, [5, True, "x", ["x"]]),
    (serializers.Field, NO_THING),
]
REFERENCE_FIELDS = (
    ChildReferenceField,
    ClaimField,
    EvidenceField,
)  # they refer to an object, and there is none here
BODIES = [
    (f"{one.path}.{name}", verb.body)
    for one in COLLECTIONS
    for name, verb in {"create": one.create_action, **one.move_actions}.items()
    if verb is not None
]


@pytest.fixture(scope="module")
def story(once):
    with once():
        yield Journey()


def wrong_values(field: Field) -> list[Any]:
    """Return values of other types than the field's. For a list, also put each wrong item into a list."""
    found: list[Any] = next(values for kind, values in KINDS if isinstance(field, kind))
    if getattr(field, "accepts_text", False):
        return [one for one in found if one not in ("5", "1e3")]
    child = getattr(field, "child", None)
    if isinstance(field, serializers.ListField) and child is not None:
        return [*found, *([one] for one in wrong_values(child))]
    return found


@pytest.mark.parametrize(("name", "body"), BODIES, ids=[name for name, _body in BODIES])
def test_request_body_field_refuses_values_of_another_type(story, name, body):
    context = {"by": powers_for(story.officer.user), "thing": None}
    taken = []
    for path, field in body(context=context).fields.items():
        if field.read_only or isinstance(getattr(field, "child_relation", field), REFERENCE_FIELDS):
            continue
        for value in wrong_values(field):
            sent = body(data={path: value}, context=context)
            if sent.is_valid() or path not in sent.errors:
                taken.append((path, value))
    assert taken == []
