"""Consents that Sun Yi in Zhongshan gives Richmond for inquiries to He Min in Foshan, and how they are lost."""

from datetime import UTC, date, datetime

from partners.contacts.actions import opt_out
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.consents import withdraw_consent
from procurement.outreach.actions.inquiries import ask_partner_city, draft_inquiry, give_consent
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry
from workflow.outbox.models import Message

UNTIL = date(2020, 6, 30)  # a Tuesday


def draft(story, contact, through: str = "zhongshan") -> Inquiry:
    return draft_inquiry(
        story.line().supply_request, contact, through_city=cities.city(through), subject="s", body="b",
        chosen_because="She knows masks.", author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


def mails_about(thing, verb: str) -> list[Message]:
    entry = Entry.objects.about(thing).filter(verb=verb).latest("pk")
    return build_messages(entry, entry.at)


def consent_by_contact(story, introducer, contact, until=UNTIL, at=AT, **facts) -> IntroductionConsent:
    asked = ask_partner_city(draft(story, contact), by=story.officer.by, at=at)
    give_consent(asked, until=until, by=powers_by_link_to(introducer, asked), at=at, **facts)
    return asked.period_consent


def expire(story, consent) -> datetime:
    return datetime(2020, 7, 1, 8, tzinfo=UTC)


def stop_the_introducer(story, consent) -> datetime:
    opt_out(consent.introducer, by=own_link(consent.introducer), at=AT)
    return AT


def withdraw_by_link(story, consent) -> datetime:
    withdraw_consent(consent, by=powers_by_link_to(consent.introducer, consent.inquiry), at=AT)
    return AT
