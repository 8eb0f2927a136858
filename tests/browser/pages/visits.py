"""All pages of the product with the person who opens each.

Forms come twice: as they open, and (`sent`) as they come back after they were sent empty.
"""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages import (
    account_visits,
    city_register_visits,
    contact_visits,
    list_visits,
    object_visits,
    shipment_visits,
)
from tests.browser.pages.visit import KEEPER, NOBODY, OFFICER, Visit
from tests.worlds.browsed_pages import World


def visits(world: World) -> list[Visit]:
    """Return all visits, in the order of a purchase from need to lot.

    The pages of an account come first: minutes after sign-in they ask for the password again.
    """
    return [
        *account_visits.visits(world),
        *list_visits.visits(),
        *object_visits.visits(world),
        *city_register_visits.visits(world),
        *shipment_visits.visits(world),
        *contact_visits.visits(world),
        *_others(),
    ]


def _others() -> Iterator[Visit]:
    yield Visit("styleguide", KEEPER, reverse("styleguide"))
    yield Visit("styleguide", KEEPER, f"{reverse('styleguide')}?errors")
    yield Visit("api-docs", NOBODY, reverse("api-docs"))
    yield Visit("api-docs-chapter", NOBODY, reverse("api-docs-chapter", args=["shipments"]))
    yield Visit("404", OFFICER, "/nowhere/", 404)
    yield Visit("404", NOBODY, "/nowhere/", 404)
    yield Visit("verify_letter", NOBODY, reverse("verify_letter", args=["0" * 24]), 404)
    yield Visit("verify_decision_memo", NOBODY, reverse("verify_decision_memo", args=["0" * 24]), 404)
    for code in (400, 403, 405, 500, 503):
        yield Visit(f"error {code}", NOBODY, f"/error/{code}/", code)
