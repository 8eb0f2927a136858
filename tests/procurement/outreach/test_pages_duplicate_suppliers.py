"""Tests of naming a company that is already entered: the page asks before the company is entered a second time.

Both contacts and officers are asked.
"""

import pytest

from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
OFFER = {"supplier": "中山康护用品", "stock": "10 000"}


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.supplier and story.contact
        who = story.officer
        inquiry = draft_inquiry(
            story.line(10_000).supply_request,
            story.contact,
            subject="能否协助？",
            body="尊敬的李先生：",
            author=who.user,
            by=who.by,
            at=AT,
        )
        story.asked = send_inquiry(inquiry, by=who.by, at=AT)
        yield story


def test_contact_naming_a_known_company_must_choose_it_or_say_why_it_is_another(story):
    language = story.contact.user.language
    check = open_link_page(story.asked).press(button_text("Check and send", language), **OFFER)
    assert story.supplier.legal_name_local in check
    unsaid = check.press(button_text("Send", language))
    assert (unsaid.status, SupplierLead.objects.count()) == (422, 0)
    unsaid.press(button_text("Send", language), same_as=story.supplier.reference)
    assert SupplierLead.objects.get().supplier == story.supplier
    assert Supplier.objects.count() == 1


def test_contact_who_explains_the_difference_enters_a_new_company(story):
    language = story.contact.user.language
    check = open_link_page(story.asked).press(button_text("Check and send", language), **OFFER)
    check.press(button_text("Send", language), same_as="another", another_because="佛山的姊妹公司")
    assert SupplierLead.objects.get().supplier != story.supplier
    assert Supplier.objects.count() == 2


def test_contact_is_not_shown_companies_with_merely_similar_names(story):
    language = story.contact.user.language
    near = {**OFFER, "supplier": "中山康护防护用品"}
    check = open_link_page(story.asked).press(button_text("Check and send", language), **near)
    assert story.supplier.legal_name_local not in check
    check.press(button_text("Send", language))
    assert Supplier.objects.count() == 2


def test_officer_entering_an_offer_is_asked_about_a_similar_known_company(story):
    officer = Browser(story.officer.user)
    form = officer.open(f"/inquiries/{story.asked.reference}/offer/")
    near = form.press("Submit the offer", **{**OFFER, "supplier": "中山康护防护用品"})
    assert "nearly the same name" in near
    assert near.press("Submit the offer").status == 422
    near.press("Submit the offer", same_as=story.supplier.reference)
    assert SupplierLead.objects.get().supplier == story.supplier
