"""Tests of a reader's own views of the board: private, named, and at most twelve."""

import pytest

from procurement.shipments.actions import delete_view, save_view
from procurement.shipments.models import BoardView
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import Voyage


def test_a_view_is_kept_under_its_name_and_replaced(story: Voyage) -> None:
    reader = story.logistics.user
    view = save_view(reader, " Mine ", "view=held")
    assert (str(view), view.query) == ("Mine", "view=held")
    save_view(reader, "Mine", "view=risk")
    assert BoardView.objects.get(user=reader).query == "view=risk"
    save_view(story.officer.user, "Mine", "view=soon")
    delete_view(reader, "Mine")
    delete_view(reader, "Mine")
    assert BoardView.objects.get().user == story.officer.user


@pytest.mark.parametrize(("name", "code"), [("  ", "name_missing"), ("One more", "too_many_views")])
def test_a_view_has_a_name_and_there_are_twelve_at_most(story: Voyage, name: str, code: str) -> None:
    reader = story.logistics.user
    for number in range(12):
        save_view(reader, f"View {number}", "view=held")
    save_view(reader, "View 3", "view=risk")
    with refused(code, reader):
        save_view(reader, name, "view=held")
