"""Base of a city whose texts carry leak markers, with its actors and a marked need, offer and inquiry."""

from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.inquiries import draft_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.models import RequestLine, SupplyRequest
from tests.workflow.files import picture
from tests.worlds.leak_markers import PRICES, Marks
from tests.worlds.need_to_order import AT, Person
from tests.worlds.shipments import DELIVERED_AT, Journey

# Names of objects that share their reference with another one.
SAME_REFERENCE = ("entry", "question to them", "check given to them")


class MarkedCity(Journey):
    """Example purchase (`Journey`) whose objects have a mark in every text, so that each answer can be searched for them."""

    def __init__(self, place: str = "burnaby", marks: Marks | None = None, **facts: Any) -> None:
        self.marks = marks or Marks()
        self.things: dict[str, Any] = {}
        super().__init__(place, **facts)

    @property
    def by_officer(self) -> dict[str, Any]:
        """Return who acts and when: the officer, on the first day."""
        return {"by": self.officer.by, "at": AT}

    @property
    def as_officer(self) -> dict[str, Any]:
        """Return the same for an action with an author."""
        return {"author": self.officer.user, **self.by_officer}

    @property
    def by_logistics(self) -> dict[str, Any]:
        """Return who acts and when: logistics, on the first day."""
        return {"by": self.logistics.by, "at": AT}

    @property
    def at_arrival(self) -> dict[str, Any]:
        """Return who acts and when: logistics, on the day of the delivery."""
        return {"by": self.logistics.by, "at": DELIVERED_AT}

    @cached_property
    def administrator(self) -> Person:
        return self.person("administrator")

    def say(self, thing: str) -> str:
        """Return a text about an object with its marker."""
        return f"{self.marks.word(thing, self.city.slug)} words"

    def texts(self, thing: str, *fields: str) -> dict[str, Any]:
        """Return a text about an object for each of these fields."""
        return dict.fromkeys(fields, self.say(thing))

    def photo(self, what: str = "file") -> SimpleUploadedFile:
        """Return a picture with a mark in its name."""
        return SimpleUploadedFile(f"{self.say(what)}.jpg", picture(), "image/jpeg")

    def number_all(self) -> None:
        """Register the references of all objects as marks."""
        for name, thing in self.things.items():
            if getattr(thing, "reference", "") and name not in SAME_REFERENCE:
                self.marks.number(name, self.city.slug, thing)

    def need(self, name: str, **facts: Any) -> SupplyRequest:
        """Return a posted need with marked texts."""
        need = self.line(10_000).supply_request
        words = self.texts(name, "title", "deliver_to", "notes")
        edit_request(need, RequestEdit(**words, **facts), **self.by_officer)
        return need

    def offer(self, name: str, line: RequestLine, **facts: Any) -> SupplierLead:
        """Return a verified offer at the city's own price, with marked texts."""
        words = self.texts(name, "remark", "stock_place", "model", "payment_terms")
        lists = {"referred_by": [self.say(name)], "reference_customers": [self.say(name)]}
        return self.lead(line, price=PRICES[self.city.slug], **words, **lists, **facts)

    def allocated(self, lead: SupplierLead | None = None, *, quantity: int = 1_000) -> Allocation:
        """Allocate a part of the offer (or of another one) to the need."""
        lead, evidence = lead or self.things["lead"], self.say("allocation")
        return actions.allocate(lead, self.things["line"], quantity, evidence=evidence, **self.as_officer)

    def inquiry(self, name: str, contact: Any, **facts: Any) -> Inquiry:
        """Return an inquiry about the need as a draft, with marked texts."""
        words = self.texts(name, "subject", "body", "subject_own", "body_own")
        return draft_inquiry(self.things["need"], contact, **words, **facts, **self.as_officer)
