"""Cursors of the API: decoded as they were encoded, refused if invalid, and used to read on."""

from typing import Any

import pytest

from tests.workflow.conftest import AT, ActorStub
from workflow.comments_and_files.actions import add_comment
from workflow.comments_and_files.models import Comment
from workflow.errors import Refused
from workflow.http.keyset import Cursor, Sorting, find_sorting
from workflow.query_expressions import order_by_moment


@pytest.mark.parametrize("value", [None, "2020-04-16", "口罩"])
def test_cursor_decodes_to_what_was_encoded(value: str | None) -> None:
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
        "WyJpZCIsbnVsbCxJbmZpbml0eSx0cnVlXQ",  # ["id",null,Infinity,true]
    ],
)
def test_malformed_list_cursor_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        Cursor.decode(text)
    assert (caught.value.code, caught.value.details) == ("bad_cursor", {"parameter": "cursor"})


def test_unknown_ordering_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused) as caught:
        find_sorting({"at": "at"}, "name")
    assert "id, -id, at, -at" in str(caught.value)


@pytest.mark.django_db
def test_rows_are_read_from_a_cursor_forwards_and_backwards(user: Any) -> None:
    for number in range(6):
        add_comment(user, f"{number // 2}", by=ActorStub(user.pk), at=AT, language="en")
    rows = Comment.objects.all()
    by_text = Sorting("text", "text")
    first = list(by_text.apply(rows, None)[:3])
    cursor = Cursor.decode(by_text.cursor_at(first[-1], back=False))
    rest = list(by_text.apply(rows, cursor))
    assert [row.text for row in first + rest] == ["0", "0", "1", "1", "2", "2"]
    back = Cursor.decode(by_text.cursor_at(rest[0], back=True))
    assert list(by_text.apply(rows, back)) == first[::-1]
    by_made = Sorting("-day", order_by_moment("at"))
    newest = next(iter(by_made.apply(rows, None)[:1]))
    older = list(by_made.apply(rows, Cursor.decode(by_made.cursor_at(newest, back=False))))
    assert len(older) == 5
    assert Sorting("id", "id").cursor_at(newest, back=False)
