"""The table of status badges: an icon and a colour for every status, and no unused row."""

import lucide
import pytest
from django.apps import apps

from workflow.base_models import JournaledModel
from workflow.http import status_badges
from workflow.http.status_badges import badge_for

TRACKED = [model for model in apps.get_models() if issubclass(model, JournaledModel)]
ALL_STATUSES = [(model._meta.model_name, value) for model in TRACKED for value in model.Status.values]


def test_every_status_has_an_icon_and_a_colour():
    assert [
        key
        for key in ALL_STATUSES
        if f"{key[0]}.{key[1]}" not in status_badges.STATUS_BADGES
        and key[1] not in status_badges.STATUS_BADGES
    ] == []


def test_badge_table_has_no_unused_row():
    used = {value for _model, value in ALL_STATUSES} | {f"{model}.{value}" for model, value in ALL_STATUSES}
    assert sorted(set(status_badges.STATUS_BADGES) - used) == []


@pytest.mark.parametrize(
    "look",
    [*status_badges.STATUS_BADGES.values(), *(look for look, _word in status_badges.MARK_BADGES.values())],
)
def test_every_badge_icon_exists_in_the_package(look):
    assert lucide._load_icon(look.icon) is not None


def test_same_status_word_may_have_different_badges_by_model():
    assert badge_for("finding", "open").tone == "amber"
    assert badge_for("supplyrequest", "open").tone == "blue"


def test_every_message_state_has_a_badge():
    message = apps.get_model("workflow", "Message")
    assert [
        state for state in message.State.values if f"message_{state}" not in status_badges.MARK_BADGES
    ] == []
