"""Edits: the fields they set, how a flat body becomes one, and the version they were read at."""

from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from tests.worlds import cities
from workflow.edits import UNSET, Edit, Unset, edit_class, pack_edit, version_of
from workflow.errors import Refused
from workflow.journal.models import Entry


@dataclass(frozen=True, kw_only=True)
class BoxEdit(Edit):
    colour: str | Unset = UNSET
    size: int | Unset | None = UNSET


class Box:
    colour, size = "red", 3


def test_edit_contains_only_the_given_fields_including_none():
    assert BoxEdit().changes() == {}
    assert BoxEdit(size=None, version=7).changes() == {"size": None}
    assert BoxEdit(colour="", size=0).changes() == {"colour": "", "size": 0}


def test_edit_sets_only_the_given_fields():
    box = Box()
    BoxEdit(size=None).apply_to(box)
    assert (box.colour, box.size) == ("red", None)
    BoxEdit(colour="blue", size=5).apply_to(box, leave={"size"})
    assert (box.colour, box.size) == ("blue", None)


def test_edit_refuses_unknown_fields_and_is_immutable():
    with pytest.raises(TypeError, match="weight"):
        BoxEdit(weight=4)
    with pytest.raises(FrozenInstanceError):
        BoxEdit().colour = "blue"


def paint(box: Box, edit: BoxEdit, *, by: str, at: str) -> dict[str, Any]:
    return edit.changes()


def test_edit_fields_are_extracted_from_a_flat_body():
    packed = pack_edit(paint, {"by": "me", "colour": "blue", "version": 4, "at": "now"})
    assert packed == {"by": "me", "at": "now", "edit": BoxEdit(colour="blue", version=4)}
    assert paint(Box(), **packed) == {"colour": "blue"}
    assert edit_class(paint) is BoxEdit


def test_body_field_of_neither_edit_nor_action_is_refused():
    with pytest.raises(TypeError, match="weight"):
        paint(Box(), **pack_edit(paint, {"by": "me", "at": "now", "weight": 4}))


def test_action_without_an_edit_gets_the_flat_body():
    assert edit_class(len) is None
    assert pack_edit(len, {"colour": "blue"}) == {"colour": "blue"}


@pytest.mark.django_db
def test_edit_of_the_version_read_succeeds_and_of_an_older_one_is_refused():
    who = {"by": CONSOLE_ACTOR, "at": cities.NOW}
    user = cities.user("Alice Tremblay")
    read = version_of(user)
    edit_person(user, PersonEdit(language="fr", version=read), **who)
    assert version_of(user) > read
    with pytest.raises(Refused) as stale:
        edit_person(user, PersonEdit(name="Alice Roy", version=read), **who)
    assert stale.value.code == "changed_meanwhile"
    (since,) = stale.value.details["changed"]
    assert (since["fields"], since["verb"]) == (["language"], "edit")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Alice Tremblay", "fr")
    edit_person(user, PersonEdit(name="Alice Roy", version=version_of(user)), **who)
    assert Entry.objects.about(user).filter(verb="edit").count() == 2
