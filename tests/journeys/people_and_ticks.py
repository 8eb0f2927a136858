"""People with browsers, a contact with a phone, an API client and runs of the periodic job, shared by the journeys."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.cities.actions import CityEdit, correct_city
from partners.contacts.models import Contact
from procurement.catalogue.actions import load_catalogue
from procurement.tasks import run_tick
from tests.browsing import Browser, Page
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT, shipped_extract
from workflow import clock
from workflow.clock import advance_clock
from workflow.outbox.file_backend import newest_mails, sent_mail
from workflow.outbox.models import Message

ZH = "zh-hans"
MOST_TICKS = 50
A_FEW_HOURS = timedelta(hours=6)


class Town:
    """Burnaby, twinned with Zhongshan; its people have a browser each, and its systems have an API client."""

    def __init__(self, limit: str = "1000") -> None:
        load_catalogue(by=CONSOLE_ACTOR, at=AT, folder=shipped_extract())
        self.city = cities.city("burnaby")
        cities.twinning("burnaby", "zhongshan")
        correct_city(
            self.city,
            CityEdit(approval_limit=Decimal(limit)),
            by=CONSOLE_ACTOR,
            at=AT,
            reason="council decision",
        )
        for role in ("officer", "approver", "verifier", "logistics"):
            person = cities.member(role, self.city)
            setattr(self, role, Browser(person))
            setattr(self, f"{role}_person", person)
        self.program = Program(self.logistics_person)

    officer: Browser
    approver: Browser
    verifier: Browser
    logistics: Browser


class PartnerContact:
    """A contact in Zhongshan with a Chinese phone, who knows Burnaby only by its mails."""

    def __init__(self, name: str = "Li Wei") -> None:
        self.contact: Contact = cities.contact("zhongshan", name)
        edit_person(
            self.contact.user, PersonEdit(language=ZH, time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )

    def mails(self) -> list[EmailMessage]:
        """Return all mails to the contact, newest first."""
        return mails_to(self.contact.user)

    def link(self, mail: int = 0) -> str:
        """Return the link in a mail, by default the newest."""
        return link_in(self.mails()[mail])

    def opens(self, mail: int = 0) -> Page:
        """Return the page behind the link of a mail, after Continue."""
        return Browser().open(self.link(mail)).press(chinese_text("Continue"))

    def opens_about(self, *things: Any) -> Page:
        """Return the page about objects of one kind, by the newest mail about one of them."""
        letters = Message.objects.filter(
            recipient=self.contact.user, state=Message.State.SENT, thing_label=things[0]._meta.label_lower,
            link__purpose="answer",
            thing_id__in=[thing.pk for thing in things],
        )  # fmt: skip
        mail = sent_mail(letters.latest("sent_at"))
        assert mail is not None
        return Browser().open(link_in(mail)).press(chinese_text("Continue"))


def chinese_text(words: str) -> str:
    """Return the Chinese text of a button."""
    with translation.override(ZH):
        return gettext(words)


def mails_to(user: User) -> list[EmailMessage]:
    """Return a person's mails, newest first."""
    return [mail for mail in newest_mails(0, 500) if user.email in str(mail["To"])]


def link_in(mail: EmailMessage) -> str:
    """Return the first address of this site in a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"{re.escape(settings.BASE_URL)}/\S+", body.get_content())
    assert found, body.get_content()
    return found.group().rstrip("。.，)")


def move_clock_to(moment: str) -> None:
    """Move the practice clock to a moment (UTC) in steps of a few hours, with a tick after each."""
    there = datetime.fromisoformat(f"{moment}+00:00")
    while clock.now() + A_FEW_HOURS < there:
        advance_clock(clock.now() + A_FEW_HOURS)
        tick()
    advance_clock(there)
    tick()


def tick() -> None:
    """Run the periodic job until nothing is due, and move the clock by a minute before each further run.

    A person gets at most one mail at a time, so several rounds may be needed.
    """
    for _round in range(MOST_TICKS):
        at = clock.now()
        more = run_tick(at)
        if not more and not Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=at).exists():
            return
        advance_clock(at + timedelta(minutes=1))
    raise AssertionError("the tick does not come to an end")
