"""The dock page on a phone in Chromium: a photo of a label opens its carton, and a lost connection loses no count."""

import pytest
from playwright.sync_api import Page, Route, expect

from procurement.receiving.models import CartonReceipt
from tests.browser.city_browsers import PHONE
from tests.browser.conftest import signed_in
from tests.procurement.receiving.label_photos import address, labelled, photo
from tests.workflow import files
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.uploads.models import File

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_carton_at_dock_is_counted_once_despite_unstable_connection(chromium, live_server, tmp_path):
    story = Journey()
    story.practise()
    shipment = story.delivered()
    box = shipment.cartons.get(number=7)
    label = tmp_path / "label.jpg"
    label.write_bytes(photo(address(labelled(story, shipment).code, box.reference)).read())
    damage = tmp_path / "wet.png"
    damage.write_bytes(files.picture("PNG"))
    person = signed_in(chromium, live_server.url, story.logistics.user, **PHONE)
    page = person.new_page()
    page.goto(f"{live_server.url}{shipment.get_absolute_url()}dock/")

    page.set_input_files("#id_photo", label)
    page.wait_for_url(f"**/dock/{box.reference}/")
    page.get_by_label("Damaged").check()
    page.get_by_label("Unusable units").fill("250")
    page.get_by_label("Units inside").fill("990")
    expect(page.locator("[data-draft-saved]")).to_contain_text("Saved on this device")

    person.set_offline(True)
    page.set_input_files("#photos", damage)
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    person.set_offline(False)  # the photo is sent automatically
    expect(page.locator("#photo-list")).to_contain_text("Sent")

    person.set_offline(True)
    page.get_by_role("button", name="Count this carton").click()
    page.wait_for_url("chrome-error://**")
    person.set_offline(False)
    page.goto(f"{live_server.url}{shipment.get_absolute_url()}dock/{box.reference}/")
    kept_on_the_phone(page)

    page.route("**/dock/*/", the_answer_is_lost)
    page.get_by_role("button", name="Count this carton").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/dock/*/")
    page.go_back()
    kept_or_counted(page)
    page.goto(f"{live_server.url}{shipment.get_absolute_url()}dock/")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 10 cartons")

    seen = CartonReceipt.objects.get()
    assert (seen.carton, seen.state, seen.pieces, seen.unusable) == (box, "damaged", 990, 250)
    assert File.objects.filter(kind=box.reference).count() == 1
    person.close()
    clear_instance_cache()


def kept_on_the_phone(page: Page) -> None:
    """Check that the page shows what was typed, not the values of the server."""
    expect(page.get_by_label("Damaged")).to_be_checked()
    expect(page.get_by_label("Unusable units")).to_have_value("250")
    expect(page.get_by_label("Units inside")).to_have_value("990")


def kept_or_counted(page: Page) -> None:
    """Press the button again if the page still has it.

    If it is the same form, the server repeats its first response; if it is a new one, the page says that the
    carton is already counted.
    """
    button = page.get_by_role("button", name="Count this carton")
    if button.count():
        button.click()
    expect(page.locator("main")).to_contain_text("counted", ignore_case=True)


def the_answer_is_lost(route: Route) -> None:
    """Let a POST reach the server, but lose its response."""
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
        route.abort("connectionfailed")
    else:
        route.continue_()
