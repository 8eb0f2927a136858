"""The pages of the city register: cities, agreements, people, disputes, imports and claims."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import KEEPER, OFFICER, Visit
from tests.worlds.browsed_pages import World


def visits(world: World) -> Iterator[Visit]:
    """Yield the visits to the pages of the city register."""
    yield from _register(world)
    yield from _claims(world)


def _register(world: World) -> Iterator[Visit]:
    city, contact = world.things["city"].slug, world.things["contact"].pk
    for slug in (city, "zhongshan"):
        yield Visit("city", OFFICER, reverse("city", args=[slug]))
    yield Visit("reciprocity", OFFICER, reverse("reciprocity", args=[city, "zhongshan"]))
    for agreement in ("agreement", "ended agreement"):
        yield Visit("agreement", OFFICER, world.things[agreement].get_absolute_url())
    for who in (OFFICER, KEEPER):
        yield Visit("dispute", who, world.things["dispute"].get_absolute_url())
    yield Visit("dispute_move", KEEPER, f"{world.things['dispute'].get_absolute_url()}settle/")
    yield Visit("city", OFFICER, f"{reverse('city', args=[city])}?way=given&kind=letter&items=none-such")
    yield Visit("correction", OFFICER, world.things["correction"].get_absolute_url())
    yield Visit("correction", KEEPER, world.things["correction"].get_absolute_url())
    yield Visit("correction_move", KEEPER, f"{world.things['correction'].get_absolute_url()}decline/")
    yield Visit("propose_city", OFFICER, f"{reverse('propose_city', args=[city])}?fact=population")
    for name, key in (
        ("propose_city", city),
        ("propose_agreement", world.things["agreement"].pk),
        ("propose_exchange", world.things["exchange"].pk),
    ):
        yield Visit(name, OFFICER, reverse(name, args=[key]))
    yield Visit("contact", OFFICER, reverse("contact", args=[contact]))
    for who, name in (
        (KEEPER, "add_agreement"), (KEEPER, "add_exchange"), (OFFICER, "add_organization"), (OFFICER, "add_contact"),
    ):  # fmt: skip
        for status in (200, 422):
            yield Visit(name, who, reverse(name, args=["zhongshan"]), status, sent=status == 422)
    yield from _limits(city)
    for name in ("people", "invite"):
        yield Visit(name, KEEPER, reverse(name, args=[city]))
        yield Visit(f"network_{name}", KEEPER, reverse(f"network_{name}"))
    yield Visit("invite", KEEPER, reverse("invite", args=[city]), 422, sent=True)
    yield Visit("network", KEEPER, reverse("network"))
    yield Visit("untapped", KEEPER, f"{reverse('untapped')}?here=CA&there=CN&since=2015-01-01&on=2020-04-30")
    yield Visit("untapped", KEEPER, f"{reverse('untapped')}?here=CA&there=CA&on=some-day", 422)
    yield Visit("register_files", KEEPER, reverse("register_files"))
    yield Visit("register_files", KEEPER, reverse("register_files"), 422, sent=True)
    yield from _imports(world)


def _limits(city: str) -> Iterator[Visit]:
    for name in ("approval_limits", "need_approval", "delegate"):
        for status in (200, 422):
            yield Visit(name, KEEPER, reverse(name, args=[city]), status, sent=status == 422)
    yield Visit("approval_limits", OFFICER, reverse("approval_limits", args=[city]))


def _imports(world: World) -> Iterator[Visit]:
    """Yield the visits to an import at each step: columns, faults, undecided cities, result, withdrawal."""
    for state in ("uploaded", "matched", "faulty", "doubtful", "ready", "done", "withdrawn"):
        yield Visit("import", KEEPER, world.things[f"import {state}"].get_absolute_url())
    for status in (200, 422):
        batch = world.things["import unnamed" if status == 422 else "import uploaded"]
        columns = reverse("import_columns", args=[batch.pk])
        yield Visit("import_columns", KEEPER, columns, status, sent=status == 422)
    for state in ("doubtful", "ready"):
        yield Visit(
            "import_places", KEEPER, reverse("import_places", args=[world.things[f"import {state}"].pk])
        )
    yield Visit(
        "import_columns", KEEPER, reverse("import_columns", args=[world.things["import done"].pk]), 409
    )
    yield Visit("import_move", KEEPER, f"{world.things['import done'].get_absolute_url()}withdraw/")


def _claims(world: World) -> Iterator[Visit]:
    for name, key, fact in (
        ("claim_agreement", world.things["agreement"].pk, "kind"),
        ("claim_city", world.things["city"].slug, "population"),
        ("claim_exchange", world.things["exchange"].pk, "when"),
    ):
        claims = reverse(name, args=[key])
        yield Visit(name, KEEPER, claims)
        for status in (200, 422):
            yield Visit(name, KEEPER, f"{claims}?fact={fact}", status, sent=status == 422)
