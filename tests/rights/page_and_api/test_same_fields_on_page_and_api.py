"""A page's form and the API body of the same action accept and refuse the same, field by field."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest
from django import forms
from django.urls import reverse

from procurement.shared_api.all_collections import COLLECTIONS
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from tests.rights.http_requests import World, rolled_back
from tests.rights.links import links_table, test_links
from tests.rights.moves.moves_in_memory_table import kind_of
from tests.rights.moves.moves_table import LABELS, MOVES
from tests.rights.moves.test_moves import PATHS, every_verb, operation
from tests.rights.page_and_api.correspondence_table import DIFFERENT, FORMS, NAMES, NO_BODY, WITHIN
from tests.rights.page_and_api.form_and_body import Body, Page, collect_forms, disagreements, name_of
from tests.rights.pages_table import HOMES, PAGES
from tests.rights.reading_rights_table import ASKED, SEES
from tests.rights.test_pages import address
from tests.worlds.cities import powers_for

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
BODIES = {
    f"{one.path}.{name}": verb.body
    for one in COLLECTIONS
    for name, verb in {"create": one.create_action, **one.move_actions}.items()
    if verb is not None
}
FAILED = {"sampled": 1, "defects": 1, "verdict": "failed"}


class FormAndBody(NamedTuple):
    """A form as a page made it, the API body of the same action, and the place of both."""

    where: str
    form: forms.BaseForm
    body: Body


def forms_of_moves(world: World) -> Iterator[FormAndBody]:
    """Yield the form of every move that both page and API offer."""
    for thing, verb, row in every_verb():
        may = sorted(row.may & SEES[thing])
        if thing in PATHS or not (row.page and row.api and may):
            continue
        target = world.things[thing]
        with collect_forms() as made, rolled_back():
            answer = world.visitors[may[0]].page("get", f"{target.get_absolute_url()}{verb}/")
        assert answer.status_code in (200, 405), (thing, verb, may[0], answer.status_code)
        action = COLLECTION_BY_LABEL[LABELS[kind_of(thing)]].move_actions[verb.replace("_", "-")]
        body = Body(action.body, powers_for(world.users[may[0]]), target)
        for form in made:
            yield FormAndBody(f"{kind_of(thing)}.{verb}", form, body)


def forms_of_pages(world: World) -> Iterator[tuple[forms.BaseForm, Any, Any]]:
    """Yield every form of every other page, with its object and the reader."""
    for name, page in PAGES:
        for who in sorted(page.gets)[:1]:
            with collect_forms() as made, rolled_back():
                world.visitors[who].page("get", address(world, name, page))
            yield from ((form, world.things[page.thing], world.users[who]) for form in made)
    for name, may in HOMES.items():
        for who in sorted(may)[:1]:
            with collect_forms() as made, rolled_back():
                world.visitors[who].page("get", reverse(name))
            yield from ((form, None, world.users[who]) for form in made)
    need, free = world.things["need"], world.things["free allocation"]
    base = need.get_absolute_url()
    for thing, where in (
        (need, f"{base}edit/"),
        (need, f"{base}?activity"),
        (free, f"{reverse('add_order')}?allocation={free.pk}"),
    ):
        with collect_forms() as made, rolled_back():
            world.visitors["own officer"].page("get", where)
        yield from ((form, thing, world.users["own officer"]) for form in made)
    for name, by_link in links_table.PAGES.items():
        with collect_forms() as made, rolled_back():
            client = test_links.client_of_link(world, by_link.thing, "own")
            getattr(client, by_link.method)(test_links.address(world, name, by_link))
        yield from ((form, world.things[by_link.thing], world.users["own officer"]) for form in made)


def fits(table: dict[str, str], name: str) -> str | None:
    """Return the value of the first pattern in a table that fits a name."""
    return next((said for pattern, said in table.items() if fnmatchcase(name, pattern)), None)


def differences(asked: FormAndBody, known: set[Any]) -> Iterator[str]:
    """Yield the differences between page and API over the fields of a form.

    A field already in `known` was compared before and is skipped; new ones are added to it.
    """
    fields = asked.body.fields()
    for name, field in asked.form.fields.items():
        place = f"{asked.where}.{name}"
        said = fits(NAMES, place)
        path = name if said is None else said.format(name)
        if not path:
            continue
        told = (
            type(asked.form),
            name,
            type(field),
            repr(fields.get(path)),
            asked.body.keeps_what_is_not_sent,
        )
        if told in known or fits(DIFFERENT, place) is not None:
            continue
        if path not in fields and fits(WITHIN, place) is not None:
            continue
        if path not in fields:
            yield f"{place}: the body has no {path}, but {', '.join(fields)}"
            continue
        known.add(told)
        yield from (f"{place}: {one}" for one in disagreements(Page(asked.form), name, asked.body, path))


def test_status_action_asks_and_refuses_same_fields_on_page_and_api(world):
    known: set[Any] = set()
    assert [told for asked in forms_of_moves(world) for told in differences(asked, known)] == []


def test_page_form_asks_and_refuses_same_fields_as_api(world):
    met = {name_of(form): (form, thing, user) for form, thing, user in forms_of_pages(world)}
    wrong = [f"no page has {name}" for name in FORMS.keys() - met]
    known: set[Any] = set()
    for name, (form, thing, user) in met.items():
        if name in FORMS:
            body = Body(BODIES[FORMS[name]], powers_for(user), thing)
            wrong += differences(FormAndBody(name, form, body), known)
        elif fits(NO_BODY, name) is None:
            wrong.append(f"{name} belongs to no body, and nothing says why: {', '.join(form.fields)}")
    assert wrong == []


@pytest.mark.parametrize(
    ("thing", "verb", "body", "field"),
    [
        ("account", "confirm", {"callback_number": "+86 1"}, "callback_number"),
        ("lot", "inspect", {**FAILED, "level": "IX"}, "level"),
        ("lot", "inspect", {**FAILED, "aql": "0.123"}, "aql"),
        ("lot", "inspect", {**FAILED, "covers": ["?"]}, "report"),
        ("inquiry", "decline", {"remark": ""}, "remark"),
        ("need", "edit", {"facility_kinds": [], "reason": "The ward is closed."}, "facility_kinds"),
        ("shipment", "flag-event", {"event": 10**12, "reason": "Misread."}, "event"),
        ("shipment", "reroute", {"destination": "x" * 10, "reason": "Closed."}, "destination"),
    ],
)
def test_value_accepted_by_api_body_is_refused_by_action_with_its_field(world, thing, verb, body, field):
    """Some choices depend on the object or the author: the body accepts them and the action refuses."""
    may = MOVES[thing][verb.replace("-", "_")].may & SEES[thing] - ASKED
    who = min(one for one in may if one.startswith("own "))  # for other cities' people the move is a proposal
    answer = world.visitors[who].api("post", operation(world, thing, verb), body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["pointer"] == f"#/{field}"
