"""Use of the product by keyboard alone: an officer posts a need, sends an inquiry about it, and stops new offers."""

import pytest
from playwright.sync_api import Page

from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import SupplyRequest
from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import quiet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"


class Keys:
    """Keyboard input of a person without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, words: str) -> None:
        """Press Tab until the focus is on the control whose text starts with these words."""
        for _ in range(90):
            self.page.keyboard.press("Tab")
            if str(self.page.evaluate(FOCUSED)).startswith(words):
                return
        raise AssertionError(f"{words} is not reached")

    def types(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.tab_to(label)
        self.page.keyboard.type(text)

    def enter(self) -> None:
        """Press Enter and wait for the next page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_need_is_posted_inquired_about_and_closed_to_offers_by_keyboard_alone(
    chromium, live_server, mail_folder
):
    town = Cities(chromium, live_server.url, "en")
    page, keys = town.officer.page, Keys(town.officer.page)
    with quiet(town.seats):
        town.officer.goes("/needs/new/")
        keys.tab_to("Skip to main content")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        keys.types("Product", town.product("MASK_SURG"))
        keys.types("Title", "Masks")
        keys.tab_to("Hospital")
        page.keyboard.press("Space")
        keys.enter()
        keys.types("Quantity", "12000")
        keys.types("Needed by", "2020-05-20")
        keys.types("Deliver to", "4949 Canada Way, Burnaby")
        keys.enter()
        keys.tab_to(town.standard("ASTM-F2100-L2"))
        page.keyboard.press("Space")
        keys.enter()
        keys.tab_to("Post need")
        keys.enter()
        need = SupplyRequest.objects.get()
        assert need.status == SupplyRequest.Status.OPEN
        assert [str(one) for one in need.lines.get().standards.all()] == [town.standard("ASTM-F2100-L2")]
        keys.tab_to("Write to this contact")
        keys.enter()
        keys.tab_to("Send request")
        keys.enter()
        assert Inquiry.objects.get().status == Inquiry.Status.SENT

        town.officer.goes(need.get_absolute_url())
        keys.tab_to("Pause new offers")
        keys.enter()
        keys.types("Reason", "The depot is full")
        keys.tab_to("Pause new offers")
        keys.enter()
        need.refresh_from_db()
        assert need.stopped
