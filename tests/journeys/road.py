"""What the journeys share: a city and its people at their pages, a contact with a phone, a program, and the clock with its tick."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from accounts.actions import people
from accounts.actors import CONSOLE
from accounts.models import User
from partners.actions.register import correct_city
from partners.models.people import Contact
from procurement import tasks
from procurement.catalogue.actions import loading
from tests import world
from tests.browsing import Browser, Page
from tests.procurement.api.program import Program
from tests.procurement.story import AT, shipped_extract
from workflow import clock
from workflow.clock import move_on
from workflow.models.post import Message
from workflow.outbox import drawer
from workflow.outbox.drawer import as_sent

ZH = "zh-hans"
MOST_TICKS = 50
A_FEW_HOURS = timedelta(hours=6)


class Town:
    """Burnaby, twinned with Zhongshan: each of its people has a browser, its systems have a program."""

    def __init__(self, limit: str = "1000") -> None:
        loading.load(by=CONSOLE, at=AT, folder=shipped_extract())
        self.city = world.city("burnaby")
        world.twinning("burnaby", "zhongshan")
        correct_city(self.city, by=CONSOLE, at=AT, reason="council decision", approval_limit=Decimal(limit))
        for role in ("officer", "approver", "verifier", "logistics"):
            person = world.member(role, self.city)
            setattr(self, role, Browser(person))
            setattr(self, f"{role}_person", person)
        self.program = Program(self.logistics_person)

    officer: Browser
    approver: Browser
    verifier: Browser
    logistics: Browser


class Helper:
    """A contact in Zhongshan with a phone that speaks Chinese, who knows this city by its mails only."""

    def __init__(self, name: str = "Li Wei") -> None:
        self.contact: Contact = world.contact("zhongshan", name)
        people.edit(self.contact.user, language=ZH, time_zone="Asia/Shanghai", by=CONSOLE, at=AT)

    def mails(self) -> list[EmailMessage]:
        """Everything that came, newest first."""
        return mails_to(self.contact.user)

    def link(self, mail: int = 0) -> str:
        """The link in a mail; the newest unless said otherwise."""
        return link_in(self.mails()[mail])

    def opens(self, mail: int = 0) -> Page:
        """The page behind the link of a mail, after Continue."""
        return Browser().open(self.link(mail)).press(zh("Continue"))

    def opens_about(self, thing: Any) -> Page:
        """The page about one thing, by the newest letter about it."""
        letters = Message.objects.filter(
            recipient=self.contact.user, state=Message.State.SENT, thing_label=thing._meta.label_lower,
            link__purpose="answer",
            thing_id=thing.pk,
        )  # fmt: skip
        mail = as_sent(letters.latest("sent_at"))
        assert mail is not None
        return Browser().open(link_in(mail)).press(zh("Continue"))


def zh(words: str) -> str:
    """What a button says in Chinese."""
    with translation.override(ZH):
        return gettext(words)


def mails_to(user: User) -> list[EmailMessage]:
    """A person's mails, newest first."""
    return [mail for mail in drawer.newest(0, 500) if user.email in str(mail["To"])]


def link_in(mail: EmailMessage) -> str:
    """The address in a mail that opens something."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"{re.escape(settings.BASE_URL)}/\S+", body.get_content())
    assert found, body.get_content()
    return found.group().rstrip("。.，)")


def until(moment: str) -> None:
    """Let the clock reach a moment (UTC) a few hours at a time, and everything that is due by then happen in its order."""
    there = datetime.fromisoformat(f"{moment}+00:00")
    while clock.now() + A_FEW_HOURS < there:
        move_on(clock.now() + A_FEW_HOURS)
        tick()
    move_on(there)
    tick()


def tick() -> None:
    """What happens by itself, a minute apart, until nothing more is due: nobody gets two mails at once."""
    for _round in range(MOST_TICKS):
        at = clock.now()
        more = tasks.run(at)
        if not more and not Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=at).exists():
            return
        move_on(at + timedelta(minutes=1))
    raise AssertionError("the tick does not come to an end")
