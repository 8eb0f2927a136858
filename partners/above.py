"""What partners needs to know of the room above it, named by dotted paths in the settings so that it imports none of it.

`CONTACT_FAMILIES` and `CONTACT_CHECKS` name the product families and the checks a contact may know about, as choices. `ATTACH` is how
a file is added to any thing, as `workflow.actions.attach`: of a company's papers the room above judges its offers anew. `DELIVERED`
finds the page of each shipment that brought something, as far as a reader may see it. `ASKED_THROUGH` knows between which places
somebody was asked. `CONCERNING` names the companies somebody declared an interest in. `ABOUT_A_PERSON` tells what the rooms above
keep of somebody, for the file they take home. `LIMIT_CHANGED` hears that a city set another limit: what rests on it is looked at anew.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.models import User
from workflow.errors import Words
from workflow.models.evidence import File

if TYPE_CHECKING:
    from partners.rules.powers import Powers

type Choices = list[tuple[str, Words]]


@cache
def _found(path: str) -> Choices:
    choices: Choices = resolve_name(path).choices
    return choices


@cache
def attach() -> Callable[..., File]:
    """The action that adds a file to a thing."""
    action: Callable[..., File] = resolve_name(settings.ATTACH)
    return action


def limit_changed(city_id: int) -> None:
    """The room above hears that a city set another limit, before the city is locked, in the same transaction."""
    hears: Callable[[int], None] = resolve_name(settings.LIMIT_CHANGED)
    hears(city_id)


def about(user: User) -> dict[str, list[dict[str, Any]]]:
    """What the room above keeps about a person: their questions, answers, messages."""
    told: dict[str, list[dict[str, Any]]] = resolve_name(settings.ABOUT_A_PERSON)(user)
    return told


def concerning(user_id: int) -> frozenset[int]:
    """The companies, by id, in which somebody declared an interest; one query."""
    companies: Callable[[int], frozenset[int]] = resolve_name(settings.CONCERNING)
    return companies(user_id)


def families() -> Choices:
    """The product families, with their names."""
    return _found(settings.CONTACT_FAMILIES)


def checks() -> Choices:
    """The checks that somebody on the spot can make, with their names."""
    return _found(settings.CONTACT_CHECKS)


def delivered(references: Collection[str], by: "Powers") -> Mapping[str, str]:
    """The address of the page of each of these shipments that the reader may see; one query, none where nothing is named."""
    if not references:
        return {}
    pages: Callable[..., Mapping[str, str]] = resolve_name(settings.DELIVERED)
    return pages(references, by)


def asked_through(pairs: Collection[frozenset[int]]) -> Mapping[frozenset[int], datetime]:
    """Of these pairs of places those between which somebody was asked, each with when last; one query."""
    asked: Callable[..., Mapping[frozenset[int], datetime]] = resolve_name(settings.ASKED_THROUGH)
    return asked(pairs)
