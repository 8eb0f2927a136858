"""The rows that `visible_to` of every model shows to every person, compared with the tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from partners.cities.models import City
from tests.rights.http_requests import Differences, World
from tests.rights.reading_rights_table import NOBODY, SEES, of_markham
from tests.rights.rows_table import ELSEWHERE, EMPTY, OF_MARKHAM, OF_NO_CITY, OPEN, OWN_ROWS, UNNAMED

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# The way to the city of a row, where it has no `city_id`.
BELONGS_TO = {
    "procurement.orderline": "order",
    "procurement.milestone": "shipment",
    "procurement.trackingevent": "shipment",
    "procurement.checkreport": "task",
}
# Rows of a person, who sees them in any city: the journal of their acts, their roles.
AUTHORS = {"workflow.entry": "by_id", "partners.membership": "user_id"}
OTHER_NAMES = {"question to them", "check given to them"}  # of an inquiry and a check, on a contact's page


def private_models() -> Iterator[type[models.Model]]:
    """Yield every model with a `visible_to` that hides something from a signed-in person."""
    for model in apps.get_models():
        if hasattr(model._default_manager.all(), "visible_to") and model._meta.label_lower not in OPEN:
            yield model


class Cast:
    """The named rows of Burnaby and Markham, and the people who may read any row."""

    def __init__(self, world: World) -> None:
        self.names: dict[tuple[str, int], tuple[str, str]] = {}
        for part in (world.own, world.shared):
            for name, row in part.things.items():
                if name in SEES.keys() - OTHER_NAMES:
                    self.names[row._meta.label_lower, row.pk] = (name, part.city.slug)
        self.slugs = dict(City.objects.values_list("pk", "slug"))
        self.people = {user.pk: who for who, user in world.users.items()}

    def city_of(self, row: Any) -> str:
        """Return the slug of a row's city, or an empty string; "register" for the history of the register."""
        label = row._meta.label_lower
        if label == "workflow.entry" and row.thing_label.startswith("partners."):
            return self.slugs.get(row.city_id, "" if row.thing_label == "partners.import" else "register")
        owner = getattr(row, BELONGS_TO[label]) if label in BELONGS_TO else row
        return self.slugs.get(owner.city_id, "")

    def groups(self, row: Any) -> set[frozenset[str]]:
        """Return the groups of people of which one may read the row."""
        label = row._meta.label_lower
        if (label, row.pk) in self.names:
            return {named_readers(*self.names[label, row.pk])}
        city = self.city_of(row)
        author = frozenset({self.people.get(getattr(row, AUTHORS.get(label, "pk")), "")} - {""})
        author = author if label in AUTHORS else NOBODY
        if city in ("burnaby", "markham") or (label in OF_NO_CITY and not city):
            groups = {SEES[name] for (of, _pk), (name, place) in self.names.items() if of == label}
            groups |= set(OWN_ROWS.get(label, ()))
            groups = {of_markham(one) for one in groups} if city == "markham" else groups
        else:
            groups = set(ELSEWHERE.get((label, city), (NOBODY,)))
        return {one | author for one in groups}


def named_readers(name: str, city: str) -> frozenset[str]:
    """Return the people who may read a named row."""
    if city == "burnaby":
        return SEES[name]
    return OF_MARKHAM.get(name, of_markham(SEES[name]))


@pytest.mark.parametrize("model", [*private_models()], ids=lambda model: model._meta.label_lower)
def test_rows_are_visible_only_to_people_of_permission_table(world, model):
    cast, rows = Cast(world), {row.pk: row for row in model._base_manager.all()}
    seen: dict[int, set[str]] = {pk: set() for pk in rows}
    for who, powers in world.powers.items():
        for pk in model._default_manager.visible_to(powers).values_list("pk", flat=True):
            seen[pk].add(who)
    wrong = Differences()
    for pk, row in rows.items():
        groups = cast.groups(row)
        if frozenset(seen[pk]) not in groups:
            nearest = min(groups, key=lambda one: len(one ^ seen[pk]))
            wrong.add(str(row), cast.city_of(row), sorted(seen[pk] - nearest), sorted(nearest - seen[pk]))
    assert wrong == []


def test_every_model_with_hidden_rows_has_named_test_record(world):
    named = {world.things[name]._meta.label_lower for name in SEES}
    assert {model._meta.label_lower for model in private_models()} - named == UNNAMED | EMPTY


def test_register_and_published_facts_are_visible_to_everyone(world):
    for label in OPEN:
        rows = apps.get_model(label)._default_manager.all()
        for who, powers in world.powers.items():
            assert rows.visible_to(powers).count() == len(rows), (label, who)
