"""Burnaby and Zhongshan as the story in the browser finds them: people with their roles, a contact, goods, and a drawer for mail."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Browser

from accounts.actors import CONSOLE
from accounts.models import User
from partners.models.people import Contact
from procurement import tasks
from procurement.catalogue.actions import loading
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.outreach.actions import writing
from procurement.outreach.actions.asking import send
from procurement.outreach.models import Inquiry
from tests import world
from tests.browser.conftest import signed_in
from tests.browser.seat import Seat
from tests.procurement.story import AT, Story
from workflow import clock
from workflow.clock import create_instance, move_on
from workflow.outbox import drawer, ledger

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,
    "has_touch": True,
    "is_mobile": True,
}


def languages(beside: str) -> list[Any]:
    """The languages a story is clicked in: one beside the whole suite, all of them in `make faults`."""
    return [one if one == beside else pytest.param(one, marks=pytest.mark.every_way) for one in LOCALES]


class Town:
    """Who sits where. Everybody reads the same language, so that one run proves it whole; `theirs` is the contact's own, if another."""

    def __init__(self, browser: Browser, url: str, language: str, theirs: str = "", **options: Any) -> None:
        self.browser, self.url, self.language, self.options = browser, url, language, options
        create_instance("practice", AT)
        loading.load(by=CONSOLE, at=AT)
        self.story = Story("burnaby")
        self.story.limit("1000")
        world.twinning("burnaby", "zhongshan", signed="2011-04-18")
        self.contact: Contact = world.contact("zhongshan", "Li Wei", language=theirs or language)
        self.seats: list[Seat] = []

    def colleague(self) -> Contact:
        """A second contact in Zhongshan, who brought nothing and can look at what the first one brought."""
        return world.contact("zhongshan", "Wang Fang", language=self.language)

    def asks(self, contact: Contact, story: Story | None = None, product: str = "MASK_SURG") -> Inquiry:
        """A question to somebody that was sent, of Burnaby or of another city."""
        asking = story or self.story
        need = asking.line(product=product).supply_request
        words = {"subject": "Can you help?", "body": "Dear colleague,\n\nwe need your help."}
        if story is not None:  # which waits for the same answer as Burnaby, and has a reason to
            words["chosen_because"] = "They make ten times as many."
        who = asking.officer
        made = writing.propose(need, contact, **words, author=who.user, by=who.by, at=AT)
        return send(made, by=who.by, at=AT)

    @cached_property
    def officer(self) -> Seat:
        """Who buys, and is told what became of it."""
        return self._at_desk(self.story.officer.user)

    @cached_property
    def verifier(self) -> Seat:
        """Who judges reports and offers, and did not write them."""
        return self.desk("verifier", "Tom Chan")

    @cached_property
    def approver(self) -> Seat:
        """Who decides above the limit."""
        return self.desk("approver", "Ann Gill")

    @cached_property
    def dock(self) -> Seat:
        """Who ships, clears and counts."""
        return self.desk("logistics", "Joe Park")

    @cached_property
    def keeper(self) -> Seat:
        """Who coordinates the network, and so keeps the whole register."""
        return self._at_desk(world.member("coordinator", None, "Uma Berg"))

    def desk(self, role: str, name: str) -> Seat:
        """Somebody with a role in Burnaby, signed in at a desk."""
        return self._at_desk(world.member(role, self.story.city, name))

    def _at_desk(self, user: User) -> Seat:
        return self._sit(signed_in(self.browser, self.url, user, self.language, **DESK, **self.options))

    @cached_property
    def phone(self) -> Seat:
        """The contact's phone: no account, and whatever the browser itself would ask for is in their language."""
        return self._sit(self.browser.new_context(locale=LOCALES[self.language], **PHONE, **self.options))

    def _sit(self, context: Any) -> Seat:
        seat = Seat(context, self.url, self.language)
        self.seats.append(seat)
        return seat

    def tick(self) -> None:
        """What the worker does in three minutes, which pass: what is due is done, and messages go out, one a person and beat."""
        tasks.run(clock.now())
        for _beat in range(5):
            tasks.deliver(move_on(clock.now() + timedelta(seconds=30)))

    def in_mail_to(self, reader: User, wanted: str) -> str:
        """What a mail to somebody holds, the newest that does; mail goes out now, even if it is night where they are."""
        self.tick()
        for message in ledger.waiting(60):
            ledger.hurry(message.pk, clock.now())
        self.tick()
        mails = (mail for mail in drawer.newest(0, 30) if reader.email in str(mail["To"]))
        bodies = (mail.get_body(("plain",)) for mail in mails)
        found = (re.search(wanted, body.get_content()) for body in bodies if body)
        return next(filter(None, found)).group()

    def named(self, make: Callable[[], object]) -> str:
        """A choice's words in the story's language."""
        with world_language(self.language):
            return str(make())

    @property
    def burnaby(self) -> str:
        """The city that asks, by its name in the story's language."""
        return self.named(lambda: self.story.city.name)

    @property
    def zhongshan(self) -> str:
        """The city that is asked."""
        return self.named(lambda: self.contact.city.name)

    def product(self, code: str) -> str:
        return self.named(lambda: Product.objects.get(code=code))

    def standard(self, code: str) -> str:
        return self.named(lambda: Standard.objects.get(code=code))

    def certificate(self, code: str) -> str:
        return self.named(lambda: CertificateKind.objects.get(code=code))


LOCALES = {"en": "en-CA", "fr-ca": "fr-CA", "zh-hans": "zh-CN"}
world_language = translation.override
