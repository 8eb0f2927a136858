"""Tests of the supplier status on a page: set, read with its history, and private to the city."""

from datetime import date

import pytest

from procurement.suppliers.models.statuses import SupplierStatus
from tests.browsing import Browser
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.supplier
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def test_supplier_status_is_set_and_changed_with_dates_and_hidden_from_other_cities(story, officer):
    page = officer.open(story.supplier)
    assert "Your city has not set a status for this supplier yet." in page
    form = page.follow("Set supplier status")
    page = form.press(
        "Set supplier status",
        status="on_watch",
        starts_on="2020-04-16",
        ends_on="2020-05-16",
        reason="The first gloves had holes.",
    )
    standing = SupplierStatus.objects.get()
    assert page.at == standing.get_absolute_url()
    assert (standing.city, standing.ends_on) == (story.city, date(2020, 5, 16))
    form = page.follow("Change supplier status")
    assert "The first gloves had holes." in form
    page = form.press("Set supplier status", status="banned", reason="A forged licence.")
    standing.refresh_from_db()
    assert (standing.status, standing.ends_on, standing.reason) == ("banned", None, "A forged licence.")
    for told in ("The first gloves had holes.", "A forged licence.", "no end date"):
        assert told in page
    listed = officer.open(story.supplier)
    assert "A forged licence." in listed
    other = Browser(story.stranger.user)
    assert other.open(standing).status == 404
    assert "A forged licence." not in other.open(story.supplier)
    assert "A forged licence." not in other.open(f"{story.supplier.get_absolute_url()}status/")


def test_supplier_status_ending_before_it_begins_is_refused_at_its_field(story, officer):
    form = officer.open(f"{story.supplier.get_absolute_url()}status/")
    wrong = form.press(
        "Set supplier status", status="on_watch", starts_on="2020-04-16", ends_on="2020-04-01", reason="so"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"ends_on"})
    assert "reason" in form.press("Set supplier status", status="on_watch", reason="").wrong
    assert not SupplierStatus.objects.exists()


def test_observer_reads_but_cannot_set_a_supplier_status(story, officer):
    officer.open(f"{story.supplier.get_absolute_url()}status/").press(
        "Set supplier status", status="approved", reason="We know them."
    )
    observer = Browser(story.observer.user)
    page = observer.open(SupplierStatus.objects.get())
    assert "We know them." in page
    assert "Change supplier status" not in page
    assert observer.open(f"{story.supplier.get_absolute_url()}status/").status == 403
