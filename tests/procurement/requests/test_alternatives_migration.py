"""Test of the migration that lists the alternatives of need lines in place of the tick for any, and of its way back."""

from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from procurement.allocations.actions import confirm_allocation, propose_allocation
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.models import RequestLine
from tests.worlds.alternatives import accept_alternative
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class RoundTrip:
    """The story, what the way back left, and the models after the migration."""

    story: Story
    ticked: set[int]
    meets: dict[int, str]
    verdicts: set[str]
    apps: StateApps


@pytest.fixture(scope="module")
def trip(once):
    """Take the migration back and run it again, with one more line ticked in between."""
    with once():
        story = offered_and_allocated_alternatives()
        old = migrated(back=True)
        lines, leads = (
            old.get_model("procurement", name).objects for name in ("RequestLine", "SupplierLead")
        )
        ticked = set(lines.filter(alternatives_allowed=True).values_list("pk", flat=True))
        meets, verdicts = dict(leads.values_list("pk", "meets")), verdicts_of_higher_level(old)
        lines.filter(pk=story.unused.pk).update(alternatives_allowed=True)
        lines.update(changed_at=None)
        yield RoundTrip(story, ticked, meets, verdicts, migrated(back=False))


def offered_and_allocated_alternatives() -> Story:
    """Return a city with lines that list alternatives, and with offers and allocations of them."""
    call_command("load_reference_data", verbosity=0)
    story = Story()
    story.gowns = lined(story, "GOWN_ISO_L2", "AAMI-PB70-L2")
    accept_alternative(story.gowns, "COVERALL", "EN14126")
    story.better = offered(story, "GOWN_ISO_L3", "AAMI-PB70-L3")
    story.listed = offered(story, "COVERALL", "EN14126")
    story.exact = offered(story, "GOWN_ISO_L2", "AAMI-PB70-L2")
    story.open_line = lined(story, "RESP_KN95")
    accept_alternative(story.open_line, "MASK_SURG")
    masks = story.lead(story.line(600))
    story.allocated = confirmed_by_another(story, masks, story.open_line, 250)
    story.usual = confirmed_by_another(story, masks, masks.line, 100)
    story.unused = lined(story, "RESP_N95")
    story.strict = lined(story, "GOWN_ISO_L1", "AAMI-PB70-L1")
    return story


def lined(story, product, *standards) -> RequestLine:
    line = story.line(900, product, declared_use="non_medical")
    line.standards.set(Standard.objects.filter(code__in=standards))
    return RequestLine.objects.get(pk=line.pk)


def offered(story, product, standard):
    return submitted_offer(
        story, line=RequestLine.objects.get(pk=story.gowns.pk), product=Product.objects.get(code=product),
        standard=Standard.objects.get(code=standard), stock_quantity=300,
    )  # fmt: skip


def confirmed_by_another(story, lead, line, quantity):
    """Return an allocation that the officer proposed and the second officer confirmed."""
    line = RequestLine.objects.get(pk=line.pk)
    proposed = propose_allocation(lead, line, quantity, author=story.officer.user, by=story.officer.by, at=AT)
    return confirm_allocation(proposed, by=story.second_officer.by, at=AT)


def migrated(*, back: bool):
    """Run the migration or its way back, and return the apps of that state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # the test's rows are checked before their tables change
    executor = MigrationExecutor(connection)
    after = next(key for key in executor.loader.disk_migrations if key[1].endswith("_line_alternatives"))
    before = next(
        key for key in executor.loader.disk_migrations[after].dependencies if key[0] == "procurement"
    )
    target = before if back else after
    executor.migrate([target])
    return executor.loader.project_state([target]).apps


def verdicts_of_higher_level(apps) -> set[str]:
    rows = apps.get_model("procurement", "StandardEquivalence").objects
    higher = rows.filter(asked__code="AAMI-PB70-L2", offered__code="AAMI-PB70-L3")
    return set(higher.values_list("verdict", flat=True))


def alternatives(apps, line) -> list[tuple[str, str | None]]:
    rows = apps.get_model("procurement", "LineAlternative").objects.filter(line=line.pk).order_by("position")
    return list(rows.values_list("product__code", "standard__code"))


def test_way_back_ticks_the_lines_and_gives_offers_the_levels_of_before(trip):
    story = trip.story
    assert trip.ticked == {story.gowns.pk, story.open_line.pk}
    levels = [trip.meets[lead.pk] for lead in (story.better, story.listed, story.exact)]
    assert levels == ["equal", "other", "equal"]


def test_ticked_line_with_standards_lists_the_products_that_they_suit(trip):
    listed = alternatives(trip.apps, trip.story.gowns)
    assert {standard for _product, standard in listed} == {None}
    products = [product for product, _standard in listed]
    assert {"GOWN_ISO_L3", "GOWN_SURG", "COVERALL"} <= set(products)
    assert not {"GOWN_ISO_L2", "BODY_BAG", "APRON", "SHOE_COVER"} & set(products)
    assert products.index("GOWN_SURG") < products.index("COVERALL"), "the own family comes first"


def test_ticked_line_without_standards_lists_only_what_was_allocated_to_it(trip):
    assert alternatives(trip.apps, trip.story.open_line) == [("MASK_SURG", "ASTM-F2100-L2")]
    assert alternatives(trip.apps, trip.story.unused) == alternatives(trip.apps, trip.story.strict) == []


def test_offers_of_open_needs_are_screened_again(trip):
    lines = trip.apps.get_model("procurement", "RequestLine").objects
    changed = set(lines.exclude(changed_at=None).values_list("pk", flat=True))
    assert trip.story.gowns.pk in changed
    assert trip.story.strict.pk not in changed


def test_allocations_name_who_confirmed_other_goods(trip):
    story, rows = trip.story, trip.apps.get_model("procurement", "Allocation").objects
    other, usual = rows.get(pk=story.allocated.pk), rows.get(pk=story.usual.pk)
    assert (other.goods_match, other.substitution_accepted_by_id) == (
        "accepted",
        story.second_officer.user.pk,
    )
    assert (other.compared_goods, usual.compared_goods) == ("", ""), "what was compared before is not known"
    assert (usual.goods_match, usual.substitution_accepted_by_id) == ("equal", None)


def test_higher_levels_are_better_after_the_migration_and_equal_before(trip):
    assert (trip.verdicts, verdicts_of_higher_level(trip.apps)) == ({"equal"}, {"better"})
