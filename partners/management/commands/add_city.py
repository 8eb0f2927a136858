"""Command `manage.py add_city Burnaby --country CA`: add a city to the register, from GeoNames or by hand."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import CONSOLE_ACTOR
from partners.cities import actions
from partners.cities.forms import NewCityForm
from partners.cities.gazetteer import GazetteerPlace, currency_of
from partners.cities.models import City
from partners.cities.queries import facts_of_place, look_up_places, unused_slug
from workflow import clock
from workflow.errors import Refused

FACT_OPTION_HELP = {
    "name_fr": "French name",
    "name_zh": "Chinese name",
    "name_local": "local name",
    "subdivision": "province or state, as CA-BC",
    "timezone": "time zone, as America/Vancouver",
    "currency": "currency, as CAD; unless given, that of the country",
    "latitude": "degrees; south is negative",
    "longitude": "degrees; west is negative",
    "coord_source": "source of the position",
    "population": "number of inhabitants",
}


class Command(BaseCommand):
    """Add one city by the action of the page, checked by its form."""

    help = "Add a city to the register, with the facts of GeoNames (CC BY 4.0) or by hand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the name, the choice among places of that name, and facts that override those of GeoNames."""
        parser.add_argument("name", help="name of the city, in any language")
        parser.add_argument("--country", default="", type=str.upper, help="two-letter code, such as CA")
        parser.add_argument("--geonames", type=int, help="number of the place in GeoNames")
        parser.add_argument("--by-hand", action="store_true", help="do not look it up in GeoNames")
        parser.add_argument("--level", default=City.Level.CITY, choices=City.Level.values)
        for fact, about in FACT_OPTION_HELP.items():
            parser.add_argument(f"--{fact.replace('_', '-')}", help=about)

    def handle(self, *_args: Any, name: str, country: str, by_hand: bool, **options: Any) -> None:
        """Look the place up, unless it is entered by hand, and add it. Prints its key, for `invite --city`."""
        if by_hand:
            facts = {"name_en": name, "country": country, "currency": currency_of(country)}
        else:
            facts = facts_of_place(find_place(name, country, options["geonames"]), name)
        given = {fact: options[fact] for fact in FACT_OPTION_HELP if options[fact] is not None}
        form = NewCityForm({**facts, "level": options["level"], **given})
        if not form.is_valid():
            raise CommandError("\n".join(f"{fact}: {errors[0]}" for fact, errors in form.errors.items()))
        values = form.cleaned_data
        slug = unused_slug(values["name_en"], values["country"])
        try:
            city = actions.add_city(slug=slug, by=CONSOLE_ACTOR, at=clock.now(), **values)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{city}, {city.country_label}, is in the register as {slug}.")


def find_place(name: str, country: str, number: int | None) -> GazetteerPlace:
    """Return the one place of GeoNames that is meant. Raises CommandError if there is none, or more than one."""
    found = [one.place for one in look_up_places(name, country)]
    if number is not None:
        found = [one for one in found if one.geonames_id == number]
    if not found:
        raise CommandError(
            f"GeoNames has no city named {name}. Check the spelling, or add it with --by-hand and --country."
        )
    if len(found) > 1:
        raise CommandError(f"GeoNames has {len(found)} cities named {name}. {_choice(found)}")
    return found[0]


def _choice(places: Sequence[GazetteerPlace]) -> str:
    lines = [
        f"  --geonames {one.geonames_id}  {one.name}, {one.country}, {one.population} people, "
        f"{one.latitude} {one.longitude}, {one.timezone}"
        for one in places
    ]
    return "\n".join(["Choose one by its number:", *lines])
