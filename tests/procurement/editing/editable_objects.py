"""One object of each kind that people edit by a form, in a status in which the form is open."""

from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.urls import reverse

from accounts.link_sessions import COOKIE_NAME, LinkSession, start_link_session
from accounts.models import ActionLink
from partners.contacts.models import Contact
from partners.permissions.permissions import permissions_by_link
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule
from procurement.leads.actions.leads import submit_answer
from procurement.leads.forms.contact_offers import OwnOfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.categories import NOTIFICATION_CATEGORY_CHOICES
from procurement.outreach.actions.inquiries import draft_inquiry
from procurement.receiving.forms import DiscrepancyAnswerForm
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.webhooks.actions.endpoints import add_webhook
from tests.browsing import Browser, Form, Page
from tests.procurement.editing.edit_forms import Editing, Typed
from tests.procurement.portal.by_link import open_link_page
from tests.procurement.portal.test_pages_self_service import open_own_page
from tests.worlds import cities, thank_yous
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from tests.worlds.thank_yous import departed_donation, thank_you_of
from workflow.http.edit_forms import READ_VALUES_FIELD


class EditableObjects:
    """Objects of an example purchase (`Story`), by the names used in the table of forms."""

    def __init__(self) -> None:
        self.story = story = Journey()
        self.agreement = cities.twinning("burnaby", "zhongshan")
        self.who = {"by": story.officer.by, "at": AT}
        self.things: dict[str, Any] = {
            "agreement": self.agreement,
            "city": story.city,
            "supplier": story.supplier,
            "contact": story.contact,
        }
        self.manager = cities.member("administrator", story.city)
        assert story.approver  # without one, the city may not choose approval of its needs
        self.things["webhook"] = add_webhook(
            story.city,
            description="Stock system",
            url="https://93.184.216.34/hook",
            event_kinds=["order"],
            author=self.manager,
            by=cities.powers_for(self.manager),
            at=AT,
        )
        self._offers()
        self._orders()
        self._goods()
        self._people()

    def _offers(self) -> None:
        story, line = self.story, self.story.line(10_000)
        draft = draft_request(
            story.city,
            title="Masks",
            author=story.officer.user,
            needed_by=line.supply_request.needed_by,
            deliver_to="4949 Canada Way",
            accepts=["purchase"],
            facility_kinds=["hospital"],
            lines=[LineFacts(product=line.product, quantity=500)],
            **self.who,
        )
        certificate = record_shown_certificate(
            story.supplier,
            CertificateType.objects.order_by("code").first(),
            number="K-77",
            entered_by=story.officer.user,
            **self.who,
        )
        words = {"subject": "口罩", "body": "您好", "subject_own": "Masks", "body_own": "Hello"}
        question = draft_inquiry(
            line.supply_request, story.contact, **words, author=story.officer.user, **self.who
        )
        self.line = line
        self.things |= {
            "lead": story.lead(line),
            "need": line.supply_request,
            "draft": draft,
            "certificate": certificate,
            "question": question,
            "asked": story.asked(story.line(2_000)),
            "own_offer": self._own_offer(),
        }

    def _own_offer(self) -> SupplierLead:
        """Return an offer with which the contact answered an inquiry by link."""
        story, line = self.story, self.story.line(4_000)
        inquiry = story.asked(line)
        return submit_answer(
            inquiry,
            author=story.contact.user,
            supplier=story.supplier,
            line=line,
            product=line.product,
            stock_quantity=4_000,
            unit_price=Decimal("0.62"),
            currency="USD",
            by=permissions_by_link(story.contact.user, story.contact, ("procurement.inquiry", inquiry.pk)),
            at=AT,
        )

    def _orders(self) -> None:
        self.things["rule"] = CustomsRule.objects.order_by("code").first()
        self.things["order"] = self.story.draft()
        confirmed = self.things["confirmed order"] = self.story.confirmed()
        self.things["payment"] = confirmed.payments.first()

    def _goods(self) -> None:
        story = self.story
        short = story.delivered()
        line = short.lines.get()
        story.receive(short, story.count(line, accepted=9_000, missing=1_000, reason="A box burst."))
        shipment = story.plan()
        gift = story.delivered(departed_donation(story))
        self.photo, self.other = (
            thank_yous.attach_photo(story, gift, f"{name}.jpg") for name in ("arrival", "unloading")
        )
        self.things |= {
            "case": short.discrepancies.get(),
            "shipment": shipment,
            "claim": thank_yous.declared_relief_claim(story, story.plan()),
            "pack": thank_you_of(gift),
        }

    def _people(self) -> None:
        self.people = {
            "officer": self.story.officer.user,
            "second_officer": self.story.second_officer.user,
            "logistics": self.story.logistics.user,
            "manager": self.manager,
            "coordinator": cities.member("coordinator"),
            "keeper": cities.member("administrator", self.story.contact.city),
        }

    def open(self, form: Editing, person: str) -> Page:
        """Return the page with this form, opened by this person."""
        if form.where.endswith("by link"):
            thing = self.things[form.where.removesuffix(" by link")]
            if form.form is OwnOfferForm:  # the contact's two browsers, each by a link of its own
                place = reverse("portal_offer", args=[thing.inquiry.reference, thing.reference])
                return open_link_page(thing.inquiry, "en").browser.open(place)
            return (
                open_link_page(thing, "en")
                if form.form is DiscrepancyAnswerForm
                else _proved(open_own_page(thing), thing)
            )
        where = form.where.format(line=self.line.pk)
        if not where.startswith("/"):
            thing, _space, rest = where.rpartition(" ")
            where = f"{self.things[thing].get_absolute_url()}{rest}"
        return Browser(self.people[person]).open(where)

    def name_of(self, form: Editing) -> str:
        """Return the name of the person who changed the object first, as the page shows it."""
        by_link = form.where.endswith("by link")
        return str(self.story.contact.user.name if by_link else self.people[form.who].name)

    def typed(self, typed: Typed) -> Typed:
        """Return a person's input with the ids of the objects filled in."""
        known = {"line": self.line.pk, "photo": self.photo.pk, "other": self.other.pk}
        known |= {
            "first": NOTIFICATION_CATEGORY_CHOICES[0].name,
            "second": NOTIFICATION_CATEGORY_CHOICES[1].name,
        }
        return {name.format(**known): value.format(**known) for name, value in typed.items()}


def _proved(page: Page, contact: Contact) -> Page:
    """Return the page of a contact's details, after the six digits sent to them."""
    answer = HttpResponse()
    start_link_session(
        answer, LinkSession(ActionLink.objects.latest("pk"), f"/me/{contact.pk}/", is_email_code_entered=True)
    )
    page.browser.client.cookies[COOKIE_NAME] = answer.cookies[COOKIE_NAME].value
    return page.browser.open(f"/me/{contact.pk}/details/")


def form_on(page: Page, field: str) -> Form:
    """Return the form with this field, after checking that it carries the version that its author read."""
    found = [form for form in page.forms if field in form.fields or form.choices(field)]
    assert found, f"no form with {field} at {page.at} ({page.status}): {page.text[:800]}"
    assert READ_VALUES_FIELD in found[0].fields, f"the form at {page.at} does not say what its author read"
    return found[0]


def send_fields(page: Page, **typed: str) -> Page:
    """Fill in the form with these fields, and send it by its first button."""
    form = form_on(page, next(iter(typed)))
    form_data = form.filled(next(iter(form.buttons.values())), typed)
    return page.browser.send(urljoin(page.at, form.node.get("action") or ""), form_data, typed)


def field_content(page: Page, field: str) -> str:
    """Return the content of a field; for a choice, its label if it has one."""
    return ", ".join(form_on(page, field).fields.get(field, []))
