"""Without JavaScript, an officer's main pages and a contact's form still work."""

import pytest

from tests.browser.city_browsers import Cities
from tests.browser.steps import needs
from tests.browser.steps.contacts import link_about, open_link
from tests.browser.steps.needs import ask_zhongshan, post_a_need
from tests.browser.steps.offers import answer_findings
from tests.browser.translated_browser import quiet
from tests.workflow import files
from workflow.uploads.models import File

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.every_way
def test_main_pages_and_contact_form_can_be_used_without_javascript(
    chromium, live_server, mail_folder, tmp_path
):
    town = Cities(chromium, live_server.url, "en", java_script_enabled=False)
    officer = town.officer
    with quiet(town.seats):
        need = post_a_need(town, "12,000")
        ask_zhongshan(town)
        contact = open_link(town, link_about(town, town.product("MASK_SURG")))
        contact.presses("Check and send")
        contact.sees("There is a problem")
        _a_photo_keeps_what_was_typed(contact, tmp_path)
        contact.types("Quantity in stock", "20000")
        contact.chooses("Which standard do the goods meet?", town.standard("ASTM-F2100-L2"))
        contact.presses("Check and send")
        contact.presses("Change answers")
        assert contact.field("Quantity in stock").input_value() == "20000"
        contact.types("Quantity in stock", "18000")
        contact.presses("Check and send")
        contact.presses("Send")
        number = contact.page.locator(".figure").inner_text()

        needs.check_coverage(officer, need, "Offered, not verified", 18_000)
        officer.presses("Show comments, files and full history")
        officer.types("Comment", "They answered within a day.")
        officer.presses("Add comment")
        officer.sees("They answered within a day.")
        assert answer_findings(officer, f"/leads/{number}/")
        officer.goes("/needs/")
        officer.types("Search", "nothing of the kind")
        officer.presses("Show")
        officer.reads("No needs match.")
        officer.presses("Orders")
        officer.reads("Orders")
        officer.opens_menu("More")
        officer.presses("Checks")
        officer.reads("Checks")


def _a_photo_keeps_what_was_typed(contact, folder):
    """Send the photo by its own button; the form keeps what was typed."""
    photo = folder / "licence.jpg"
    photo.write_bytes(files.picture())
    contact.types("Supplier name", "中山康护用品有限公司 DEMO")
    contact.chooses_files("Photos of the business licence, test report or packaging", photo)
    contact.presses("Send the photo first")
    contact.sees("licence.jpg")
    assert contact.field("Supplier name").input_value() == "中山康护用品有限公司 DEMO"
    assert File.objects.count() == 1
