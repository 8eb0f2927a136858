"""One table for the look of every status: nothing missing, nothing left over, every icon there."""

import lucide
import pytest
from django.apps import apps

from workflow.doors import statuses
from workflow.models.tracked import Tracked

TRACKED = [model for model in apps.get_models() if issubclass(model, Tracked)]
ALL = [(model._meta.model_name, value) for model in TRACKED for value in model.Status.values]


def test_every_status_of_every_thing_has_an_icon_and_a_tone():
    assert [
        key for key in ALL if f"{key[0]}.{key[1]}" not in statuses.LOOKS and key[1] not in statuses.LOOKS
    ] == []


def test_the_table_holds_no_look_that_nothing_has():
    used = {value for _model, value in ALL} | {f"{model}.{value}" for model, value in ALL}
    assert sorted(set(statuses.LOOKS) - used) == []


@pytest.mark.parametrize(
    "look", [*statuses.LOOKS.values(), *(look for look, _word in statuses.MARKS.values())]
)
def test_every_icon_is_in_the_package(look):
    assert lucide._load_icon(look.icon) is not None


def test_the_same_word_may_mean_another_thing():
    assert statuses.look("allocation", "released").tone == "grey"
    assert statuses.look("lot", "released").tone == "green"


def test_every_state_of_a_message_has_a_mark():
    message = apps.get_model("workflow", "Message")
    assert [state for state in message.State.values if f"message_{state}" not in statuses.MARKS] == []
