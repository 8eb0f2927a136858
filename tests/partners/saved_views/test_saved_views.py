"""Tests of saved views: named, private or shared with a city, at most twelve for each list."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.permissions.permissions import permissions_of
from partners.saved_views.actions import remove_view, save_view
from partners.saved_views.models import SavedView
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _practice():
    clear_instance_cache()
    create_instance("practice", AT)
    yield
    clear_instance_cache()


@pytest.fixture
def officer():
    return cities.member("officer", cities.city("burnaby"))


def powers_of(user):
    return permissions_of(user, via="session")


def test_saved_view_is_stored_under_its_name_and_replaced(officer):
    view = save_view("shipments", " Mine ", "view=held", by=powers_of(officer))
    assert (str(view), view.query) == ("Mine", "view=held")
    save_view("shipments", "Mine", "view=risk", by=powers_of(officer))
    save_view("leads", "Mine", "status=received", by=powers_of(officer))
    assert SavedView.objects.get(listed="shipments").query == "view=risk"
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize(("name", "code"), [("  ", "name_missing"), ("One more", "too_many_views")])
def test_saved_view_needs_a_name_and_a_list_has_at_most_twelve(officer, name, code):
    for number in range(12):
        save_view("leads", f"View {number}", "status=received", by=powers_of(officer))
    save_view("leads", "View 3", "status=verified", by=powers_of(officer))
    save_view("orders", "Another list", "", by=powers_of(officer))
    with assert_refused(code, officer):
        save_view("leads", name, "status=received", by=powers_of(officer))


def test_shared_view_is_visible_to_the_city_and_removed_by_author_or_administrator(officer):
    city = cities.city("burnaby")
    view = save_view("leads", "Masks", "product=MASK_SURG", city_id=city.pk, by=powers_of(officer))
    colleague, administrator = cities.member("logistics", city), cities.member("administrator", city)
    stranger = cities.member("officer", cities.city("markham"))
    for reader, seen in ((colleague, True), (administrator, True), (stranger, False)):
        assert SavedView.objects.for_reader(powers_of(reader)).exists() is seen
    with assert_refused("not_allowed", view):
        remove_view(view, by=powers_of(colleague))
    remove_view(view, by=powers_of(administrator))
    assert not SavedView.objects.exists()


def test_view_cannot_be_shared_with_a_city_its_author_does_not_work_for(officer):
    with assert_refused("not_allowed", officer):
        save_view("leads", "Masks", "", city_id=cities.city("markham").pk, by=powers_of(officer))


def test_reader_saves_and_removes_a_list_filter_as_a_view(officer):
    client = Client()
    client.force_login(officer)
    page = client.get("/offers/?status=received&cursor=old&order=price".replace("/offers/", reverse("leads")))
    assert "Save this view" in page.content.decode()
    there = reverse("keep_view", args=["leads"])
    assert client.get(f"{there}?status=received").status_code == 200
    assert client.post(there, {"name": "", "query": "status=received"}).status_code == 422
    city = cities.city("burnaby")
    answer = client.post(
        there, {"name": "New ones", "query": "status=received&cursor=old&order=price", "city": city.pk}
    )
    assert answer["Location"] == f"{reverse('leads')}?order=price&status=received"
    view = SavedView.objects.get()
    assert (view.query, view.city) == ("order=price&status=received", city)
    page = client.get(answer["Location"]).content.decode()
    assert "New ones" in page
    assert "Save this view" not in page
    assert client.post(reverse("drop_view", args=[view.pk])).status_code == 303
    assert not SavedView.objects.exists()


def test_view_of_another_person_or_an_unknown_list_gets_404(officer):
    mine = save_view("leads", "Mine", "", by=powers_of(officer))
    client = Client()
    client.force_login(cities.member("officer", cities.city("markham")))
    assert client.post(reverse("drop_view", args=[mine.pk])).status_code == 404
    assert client.post(reverse("keep_view", args=["nowhere"]), {"name": "x"}).status_code == 404
    assert SavedView.objects.exists()
