"""The frame of the API: cursors, kept statements, rows, problem documents, and the actor it asks for."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Value
from django.http import Http404
from rest_framework import exceptions, serializers

from tests.workflow.conftest import AT, Someone
from workflow import actions
from workflow.doors import problems
from workflow.doors.api import plans
from workflow.doors.api.fields import Edit, Facts, Numbered, Ref, reason
from workflow.doors.api.moves import address
from workflow.doors.api.paging import Cursor, Sorting, sorting
from workflow.doors.api.reading import Made, Named, Row
from workflow.errors import Refused
from workflow.models import Comment, Entry, File
from workflow.queries import by_day, by_moment


# --- cursors ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", [None, "2020-04-16", "口罩"])
def test_a_cursor_reads_back_what_it_was(value: str | None) -> None:
    cursor = Cursor("-needed_by", value, 2**61, True)
    assert Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "e30",
        "WzFd",
        "WyJpZCIsMSwxLHRydWVd",
        "WyJpZCIsbnVsbCwieCIsdHJ1ZV0",
        "WyJpZCIsbnVsbCw5OTk5OTk5OTk5OTk5OTk5OTk5OSwxXQ",
    ],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        Cursor.decode(text)
    assert (caught.value.code, caught.value.details) == ("bad_cursor", {"parameter": "cursor"})


def test_an_order_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Refused) as caught:
        sorting({"at": "at"}, "name")
    assert "id, -id, at, -at" in str(caught.value)


@pytest.mark.django_db
def test_rows_are_read_from_a_cursor_on_both_ways(user: Any) -> None:
    for number in range(6):
        actions.comment(user, f"{number // 2}", by=Someone(user.pk), at=AT, language="en")
    rows = Comment.objects.all()
    by_text = Sorting("text", "text")
    first = list(by_text.on(rows, None)[:3])
    cursor = Cursor.decode(by_text.at(first[-1], back=False))
    rest = list(by_text.on(rows, cursor))
    assert [row.text for row in first + rest] == ["0", "0", "1", "1", "2", "2"]
    back = Cursor.decode(by_text.at(rest[0], back=True))
    assert list(by_text.on(rows, back)) == first[::-1]
    by_made = Sorting("-day", by_moment("at"))
    newest = next(iter(by_made.on(rows, None)[:1]))
    older = list(by_made.on(rows, Cursor.decode(by_made.at(newest, back=False))))
    assert len(older) == 5
    assert Sorting("id", "id").at(newest, back=False)


# --- kept statements --------------------------------------------------------------------------------------------
@pytest.fixture
def empty_shelf() -> Any:
    plans.forget()
    yield plans._kept
    plans.forget()


def entries(position: plans.Position) -> Any:
    rows = Entry.objects.order_by("pk").values_list("pk", "verb")
    return rows.filter(pk__gt=position[0]) if position else rows


@pytest.mark.django_db
def test_a_statement_is_put_together_once_and_filled_for_each_page(empty_shelf: Any, user: Any) -> None:
    actions.comment(user, "One", by=Someone(user.pk), at=AT, language="en")
    last = Entry.objects.latest("pk").pk
    built: list[Any] = []

    def build(position: plans.Position) -> Any:
        built.append(position)
        return entries(position)

    assert plans.plan_of("key", (last - 1,), build).rows()[0][0] == last
    made = len(built)
    assert plans.plan_of("key", (last,), build).rows() == []
    assert len(built) == made, "not built again"
    assert plans.plan_of(None, (last,), build).rows() == []
    assert len(built) == made + 1, "without a key none is kept"


@pytest.mark.django_db
def test_a_statement_whose_position_cannot_be_found_again_is_not_kept(empty_shelf: Any) -> None:
    plans.plan_of("blind", (5,), lambda position: entries(()))
    plans.plan_of("other", (5,), lambda position: entries(position if position == (5,) else ()))
    assert empty_shelf == {}


@pytest.mark.django_db
def test_nothing_is_asked_where_nothing_can_fit(empty_shelf: Any, django_assert_num_queries: Any) -> None:
    plan = plans.plan_of("none", (), lambda position: Entry.objects.filter(pk__in=[]).values_list("pk"))
    with django_assert_num_queries(0):
        assert plan.rows() == []


@pytest.mark.django_db
def test_a_full_shelf_is_begun_anew(empty_shelf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST", 2)
    for key in "abc":
        plans.plan_of(key, (), entries)
    assert set(empty_shelf) == {"c"}


@pytest.mark.parametrize("value", ["open", 5, date.max, AT])
def test_another_value_of_the_same_kind_differs(value: Any) -> None:
    assert plans._another(value) != value
    assert type(plans._another(value)) is type(value)


# --- rows -------------------------------------------------------------------------------------------------------
class WriterRow(Row):
    class Meta:
        model = File
        fields = ("name",)


class FileRow(Row):
    by = Named("email")
    short = Made("name", "size", by=lambda name, size: f"{name} {size}")
    writer = Named("email", source="by")
    itself = WriterRow(source="twin")

    class Meta:
        model = File
        fields = ("name", "status", "size", "created_at", "by", "short", "writer", "itself")


def test_a_row_is_told_from_an_object_along_paths_that_may_end() -> None:
    person = SimpleNamespace(email="li@x.example")
    thing = SimpleNamespace(name="a.jpg", status="clean", size=5, created_at=AT, by=person, twin=None)
    assert FileRow.read(thing) == {
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


def test_a_row_knows_the_columns_it_is_told_from() -> None:
    assert FileRow.columns() == ("name", "status", "size", "created_at", "by__email")
    told = FileRow.read_columns(("a.jpg", "clean", 5, AT + timedelta(0), None))
    assert (told["short"], told["by"]) == ("a.jpg 5", None)
    assert FileRow().fields["status"].choices == dict(File.Status.choices)


def test_a_field_that_no_row_can_tell_is_found_before_it_is_asked_for() -> None:
    class Blind(Row):
        by = serializers.HyperlinkedIdentityField(view_name="x")

        class Meta:
            model = File
            fields = ("by",)

    class Listed(Row):
        parts = serializers.ListSerializer(child=serializers.Serializer())

        class Meta:
            model = File
            fields = ("parts",)

    for row in (Blind, Listed):
        with pytest.raises(TypeError, match="a row"):
            row.read(SimpleNamespace(by=1, parts=[]))


def test_numbers_days_and_json_are_written_as_json_has_them() -> None:
    class Written(Row):
        weight = serializers.DecimalField(8, 4)
        day = serializers.DateField()
        facts = serializers.JSONField()

        class Meta:
            model = File
            fields = ("weight", "day", "facts")

    assert Written.read_columns((Decimal("1E+2"), date(2020, 4, 16), '{"a": 1}')) == {
        "weight": "100",
        "day": "2020-04-16",
        "facts": {"a": 1},
    }
    assert Written.read_columns((None, None, None)) == {"weight": None, "day": None, "facts": None}


def test_verbs_stand_in_addresses_with_dashes() -> None:
    assert address("hand_over") == "hand-over"


# --- fields -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_another_thing_is_found_only_where_the_caller_sees_it(user: Any) -> None:
    said = actions.comment(user, "Hello", by=Someone(user.pk), at=AT, language="en")

    class Body(serializers.Serializer[Any]):
        by_text = Ref(Comment, "text", required=False)
        by_number = Numbered(Comment, required=False)

    def asked(who: int | None, **data: Any) -> Any:
        body = Body(data=data, context={"by": Someone(who)})
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


def test_an_edit_asks_for_nothing_but_what_it_always_asks_for() -> None:
    class FileEdit(Edit):
        reason = reason()

        class Meta:
            model = File
            fields = ("name", "kind", "reason")
            always = ("reason",)

    required = {name: field.required for name, field in FileEdit().fields.items()}
    assert required == {"name": False, "kind": False, "reason": True}
    assert FileEdit().validators == []


def test_part_of_a_body_becomes_the_value_its_action_takes() -> None:
    class Pair(Facts):
        a = serializers.IntegerField()

        class Meta:
            makes = SimpleNamespace

    class Body(serializers.Serializer[Any]):
        pairs = Pair(many=True)

    body = Body(data={"pairs": [{"a": 1}]})
    assert body.is_valid()
    assert body.validated_data["pairs"] == [SimpleNamespace(a=1)]


# --- problem documents ------------------------------------------------------------------------------------------
def told(error: Exception) -> Any:
    answer = problems.handler(error, {})
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("not_allowed", "No"), 403, "not_allowed"),
        (Refused("wrong_status", "No"), 409, "wrong_status"),
        (Refused("busy", "No"), 409, "busy"),
        (Refused("not_enough_supply", "No"), 422, "not_enough_supply"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (exceptions.AuthenticationFailed(), 401, "bad_token"),
        (exceptions.PermissionDenied(), 403, "not_allowed"),
        (PermissionDenied(), 403, "not_allowed"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "wrong_content_type"),
    ],
)
def test_each_refusal_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    body = told(error).data
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/api/v1/docs/#problem-{code}"
    assert body["title"]
    assert body["detail"]


def test_what_is_no_refusal_is_left_to_others() -> None:
    assert problems.handler(LookupError(), {}) is None
    assert problems.handler(OperationalError("gone"), {}) is None


def test_a_row_that_somebody_else_holds_is_409() -> None:
    error = OperationalError("lock")
    error.__cause__ = type("Locked", (Exception,), {"sqlstate": "55P03"})()
    assert told(error).data["code"] == "busy"


def test_too_many_says_when_to_come_back() -> None:
    refused = told(Refused("too_many", "Wait", retry_after=7))
    assert (refused.status_code, refused["Retry-After"], refused.data["facts"]) == (
        429,
        "7",
        {"retry_after": 7},
    )
    throttled = told(exceptions.Throttled(wait=9))
    assert (throttled.status_code, throttled["Retry-After"]) == (429, "9")


def test_a_refusal_tells_its_figures_and_points_at_its_place() -> None:
    body = told(Refused("bad", "No", field="lines.0.quantity", free=5)).data
    assert body["facts"] == {"free": 5}
    assert body["errors"] == [{"pointer": "#/lines/0/quantity", "detail": "No", "code": "bad"}]
    assert told(Refused("bad", "No", parameter="cursor")).data["errors"][0]["parameter"] == "cursor"
    assert (
        told(Refused("bad", "No", header="Idempotency-Key")).data["errors"][0]["header"] == "Idempotency-Key"
    )


def test_wrong_fields_are_pointed_at_however_deep_they_lie() -> None:
    error = exceptions.ValidationError(
        {
            "title": ["Too long"],
            "lines": [{}, {"a/b": ["Wrong"], "message": ["Missing"]}],
            "days": {"0": ["Wrong"]},
            "non_field_errors": ["Together they make no sense"],
        }
    )
    body = told(error).data
    assert [one["pointer"] for one in body["errors"]] == [
        "#/title",
        "#/lines/1/a~1b",
        "#/lines/1/message",
        "#/days/0",
        "#",
    ]
    assert told(exceptions.ValidationError("Nothing fits")).data["errors"][0]["pointer"] == "#"


def test_wrong_parameters_are_named() -> None:
    body = told(problems.WrongParameters({"status": ["No such status"]})).data
    assert body["errors"] == [{"parameter": "status", "detail": "No such status", "code": "invalid"}]


def test_orders_by_days_that_may_be_missing_name_their_kind() -> None:
    for order in (by_day("x"), by_moment("x")):
        assert order.output_field is not None
        assert isinstance(order.get_source_expressions()[1], Value)
