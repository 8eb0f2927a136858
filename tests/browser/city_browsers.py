"""Browsers of people in Burnaby and of a contact in Zhongshan, with the example purchase they work on and the mail sent."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Browser

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.contacts.models import Contact
from procurement.catalogue.actions import load_catalogue
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.tasks import deliver_messages, run_tick
from tests.browser.conftest import signed_in
from tests.browser.translated_browser import Seat
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance_clock, create_instance
from workflow.outbox import queue
from workflow.outbox.file_backend import newest_mails
from workflow.outbox.queue import send_now

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,
    "has_touch": True,
    "is_mobile": True,
}


def languages(beside: str) -> list[Any]:
    """Return the languages in which a test runs: `beside` in the usual run, all languages in `make faults`."""
    return [one if one == beside else pytest.param(one, marks=pytest.mark.every_way) for one in LOCALES]


class Cities:
    """People of Burnaby at desks and the contact in Zhongshan on a phone.

    Everyone reads the same language, so that one run covers it; `theirs` is the contact's language if it
    differs.
    """

    def __init__(self, browser: Browser, url: str, language: str, theirs: str = "", **options: Any) -> None:
        self.browser, self.url, self.language, self.options = browser, url, language, options
        create_instance("practice", AT)
        load_catalogue(by=CONSOLE_ACTOR, at=AT)
        self.story = Story("burnaby")
        self.story.limit("1000")
        cities.twinning("burnaby", "zhongshan", signed="2011-04-18")
        self.contact: Contact = cities.contact("zhongshan", "Li Wei", language=theirs or language)
        self.seats: list[Seat] = []

    def colleague(self) -> Contact:
        """Create a second contact in Zhongshan, who can check the offers of the first."""
        return cities.contact("zhongshan", "Wang Fang", language=self.language)

    def asks(self, contact: Contact, story: Story | None = None, product: str = "MASK_SURG") -> Inquiry:
        """Send an inquiry to a contact, from Burnaby or from the city of another example purchase (`Story`)."""
        asking = story or self.story
        need = asking.line(product=product).supply_request
        words = {"subject": "Can you help?", "body": "Dear colleague,\n\nwe need your help."}
        if story is not None:  # a second city that asks the same contact must give a reason
            words["chosen_because"] = "They make ten times as many."
        who = asking.officer
        made = draft_inquiry(need, contact, **words, author=who.user, by=who.by, at=AT)
        return send_inquiry(made, by=who.by, at=AT)

    @cached_property
    def officer(self) -> Seat:
        """The officer, who buys and is notified."""
        return self._at_desk(self.story.officer.user)

    @cached_property
    def verifier(self) -> Seat:
        """The verifier, who reviews reports and offers that others wrote."""
        return self.desk("verifier", "Tom Chan")

    @cached_property
    def approver(self) -> Seat:
        """The approver, who decides above the approval limit."""
        return self.desk("approver", "Ann Gill")

    @cached_property
    def dock(self) -> Seat:
        """Logistics, who ships, clears and counts."""
        return self.desk("logistics", "Joe Park")

    @cached_property
    def keeper(self) -> Seat:
        """The coordinator of the network, who keeps the whole register."""
        return self._at_desk(cities.member("coordinator", None, "Uma Berg"))

    def desk(self, role: str, name: str) -> Seat:
        """Sign in a new person with a role in Burnaby, at a desk."""
        return self._at_desk(cities.member(role, self.story.city, name))

    def _at_desk(self, user: User) -> Seat:
        return self._sit(signed_in(self.browser, self.url, user, self.language, **DESK, **self.options))

    @cached_property
    def phone(self) -> Seat:
        """The contact's phone: without an account, with a browser in the contact's language."""
        return self._sit(self.browser.new_context(locale=LOCALES[self.language], **PHONE, **self.options))

    def _sit(self, context: Any) -> Seat:
        seat = Seat(context, self.url, self.language)
        self.seats.append(seat)
        return seat

    def tick(self) -> None:
        """Run the worker for 2.5 minutes of practice time: due work is done and messages go out.

        The worker sends every 30 seconds, each time at most one message to a person.
        """
        run_tick(clock.now())
        for _beat in range(5):
            deliver_messages(advance_clock(clock.now() + timedelta(seconds=30)))

    def in_mail_to(self, reader: User, wanted: str) -> str:
        """Return the match of a pattern in the newest mail to a person that contains it.

        Waiting mail is sent at once, even if it is night at the person's place.
        """
        self.tick()
        for message in queue.planned_messages(60):
            send_now(message.pk, clock.now())
        self.tick()
        mails = (mail for mail in newest_mails(0, 30) if reader.email in str(mail["To"]))
        bodies = (mail.get_body(("plain",)) for mail in mails)
        found = (re.search(wanted, body.get_content()) for body in bodies if body)
        return next(filter(None, found)).group()

    def named(self, make: Callable[[], object]) -> str:
        """Return the text that `make` returns, in the language of this test."""
        with world_language(self.language):
            return str(make())

    @property
    def burnaby(self) -> str:
        """Name of the asking city in the language of this test."""
        return self.named(lambda: self.story.city.name)

    @property
    def zhongshan(self) -> str:
        """Name of the asked city in the language of this test."""
        return self.named(lambda: self.contact.city.name)

    def product(self, code: str) -> str:
        return self.named(lambda: Product.objects.get(code=code))

    def standard(self, code: str) -> str:
        return self.named(lambda: Standard.objects.get(code=code))

    def certificate(self, code: str) -> str:
        return self.named(lambda: CertificateType.objects.get(code=code))


LOCALES = {"en": "en-CA", "fr-ca": "fr-CA", "zh-hans": "zh-CN"}
world_language = translation.override
