"""A reader's own views of the board: theirs alone, by name, twelve at most."""

import pytest

from procurement.shipments.actions.tracking.views import drop_view, keep_view
from procurement.shipments.models.tracking import BoardView
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import Voyage


def test_a_view_is_kept_under_its_name_and_replaced(story: Voyage) -> None:
    reader = story.logistics.user
    view = keep_view(reader, " Mine ", "view=held")
    assert (str(view), view.query) == ("Mine", "view=held")
    keep_view(reader, "Mine", "view=risk")
    assert BoardView.objects.get(user=reader).query == "view=risk"
    keep_view(story.officer.user, "Mine", "view=soon")
    drop_view(reader, "Mine")
    drop_view(reader, "Mine")
    assert BoardView.objects.get().user == story.officer.user


@pytest.mark.parametrize(("name", "code"), [("  ", "name_missing"), ("One more", "too_many_views")])
def test_a_view_has_a_name_and_there_are_twelve_at_most(story: Voyage, name: str, code: str) -> None:
    reader = story.logistics.user
    for number in range(12):
        keep_view(reader, f"View {number}", "view=held")
    keep_view(reader, "View 3", "view=risk")
    with refused(code, reader):
        keep_view(reader, name, "view=held")
