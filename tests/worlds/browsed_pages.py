"""Objects of one city in every state, and people of every role, for the tests that open each page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.urls import reverse

from accounts.actions.calendar_feeds import create_feed
from accounts.actions.links import issue_link
from accounts.actions.people import mark_bounced, set_password
from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.link_sessions import COOKIE_NAME, LinkSession, start_link_session
from accounts.models import ActionLink, User
from accounts.tokens import unsubscribe_token
from partners.agreements.actions import end_agreement
from partners.agreements.models import TwinningAgreement
from partners.contacts.models import Contact
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from partners.memberships.actions import grant_role, invite_member, issue_invitation_token
from partners.partial_dates import parse_partial_date
from partners.permissions.permissions import permissions_by_link
from procurement.documents.models.requests import DocumentRequest
from procurement.leads.actions.leads import submit_answer
from procurement.notifications.builder import build_messages
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.outreach.actions.inquiries import send_inquiry
from procurement.outreach.actions.reminders import allow_other_contact, remind_contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, set_lines
from tests.browser.pages.register_imports import imports_by_state
from tests.worlds import cities
from tests.worlds.cities import invited_contact, powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.notifications import create_all_notifications
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache, create_instance, real_now
from workflow.journal.entries import history_of
from workflow.outbox import queue

PASSWORD = "four-small-words-here"


@dataclass
class World:
    """Objects by name, people by role, and link tokens by the object that they lead to."""

    things: dict[str, Any]
    people: dict[str, User]
    tokens: dict[str, str] = field(default_factory=dict)
    grants: list[LinkSession] = field(default_factory=list)

    def cookies(self) -> list[dict[str, Any]]:
        """Return the cookies of the contact's browser after Continue was pressed on each link."""
        return [_cookie(grant) for grant in self.grants]


def build() -> World:
    """Create the objects and people by actions."""
    clear_instance_cache()
    create_instance("practice", AT)
    story = PlayedCity("burnaby")
    things = story.play(whole=True)
    line = LineFacts(product=things["line"].product, quantity=5_000)
    set_lines(things["draft need"], [line], **story.by_officer)
    things["ended agreement"] = _ended_agreement()
    story.account()  # confirmed
    add_claim(things["agreement"], "kind", "sister", source="The city", by=CONSOLE_ACTOR, at=AT)
    things["correction"] = propose_correction(
        story.city,
        "population",
        "249125",
        source_url="https://register.example/minutes",
        why="The census of 2021",
        **story.as_officer,
    )
    made = World(things, _people(story))
    _contact_pages(made, story)
    _invitations(made, story)
    made.things |= imports_by_state(made.people["keeper"])
    assert create_all_notifications() >= 3  # notifications on the page of notices
    return made


def _ended_agreement() -> TwinningAgreement:
    """Return an agreement that a council ended; it stays in the register and on the pages of both cities."""
    agreement = cities.twinning("burnaby", "foshan", signed="1998")
    how: dict[str, Any] = {
        "why": "terminated",
        "on": parse_partial_date("2019-10-01"),
        "reason": "the council’s vote",
    }
    return end_agreement(agreement, **how, by=CONSOLE_ACTOR, at=AT)


def _remind_in_vain(question: Inquiry, story: PlayedCity) -> Inquiry:
    """Send three reminders of an inquiry that get no answer.

    The city is then asked to phone the contact, or to ask another one. The mails of the question are queued.
    """
    for _reminder in range(3):
        remind_contact(question, by=story.officer.by, at=AT)
    for entry in history_of(question):
        queue.enqueue(build_messages(entry, AT))
    return allow_other_contact(question, by=SYSTEM, at=AT)


def _bounce_mail(question: Inquiry) -> Inquiry:
    """Let the mail of a question bounce, so that the page asks for another address."""
    mark_bounced(question.contact.user, by=SYSTEM, at=AT, reason="550 no such user")
    return question


def _people(story: PlayedCity) -> dict[str, User]:
    """Return the people by role.

    The keeper looks after people, network and server; everything is new to the newcomer; the careful person
    has a second factor.
    """
    keeper = cities.member("administrator", story.city, "Kay Lee")
    grant_role(keeper, role="coordinator", city=None, by=CONSOLE_ACTOR, at=AT)
    grant_role(keeper, role="approver", city=story.city, by=CONSOLE_ACTOR, at=AT)
    User.objects.filter(pk=keeper.pk).update(is_staff=True)
    careful = cities.member("observer", story.city, "Vera Wong")
    for person in (careful, story.officer.user):
        set_password(person, PASSWORD, by=SelfActor(person), at=AT)
    TOTP.activate(careful, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(careful)
    newcomer = cities.member("officer", cities.city("markham"), "Ned New")
    return {"officer": story.officer.user, "keeper": keeper, "careful": careful, "newcomer": newcomer}


def _contact_pages(made: World, story: PlayedCity) -> None:
    """Make one link for each state of a contact's pages."""
    answered = _inquiry(story, "Wang Fang")
    contact = answered.contact
    lead = submit_answer(
        answered,
        author=contact.user,
        supplier=story.supplier,
        line=made.things["need"].lines.get(),
        product=made.things["need"].lines.get().product,
        stock_quantity=4_000,
        by=permissions_by_link(contact.user, contact, ("procurement.inquiry", answered.pk)),
        at=AT,
    )
    made.things |= {
        "answered inquiry": answered,
        "answer": lead,
        "returned inquiry": _bounce_mail(_inquiry(story, "Gao Ming")),
        "silent inquiry": _remind_in_vain(_inquiry(story, "Qin Lei"), story),
        "reported check": made.things["lead"].checks.filter(status="accepted").first(),
        "invited": invited_contact("zhongshan", "Chen Jing"),
    }
    for name in (
        *("inquiry", "answered inquiry", "open check", "reported check", "invited", "contact"),
        *("open discrepancy", "introduced inquiry", "document_request", "acknowledgement"),
    ):
        _link(made, name, made.things[name])
    _link(made, "expired", made.things["inquiry"], real_now() - timedelta(days=40))
    made.grants.pop()


def _inquiry(story: PlayedCity, name: str) -> Inquiry:
    """Send another inquiry about the need."""
    asked = story.inquiry("inquiry", cities.contact("zhongshan", name))
    return send_inquiry(asked, **story.by_officer)


def _link(made: World, name: str, thing: Any, created_at: datetime | None = None) -> None:
    """Issue a link as a mail carries it, and the grant that Continue would give."""
    mine = isinstance(thing, Contact)
    between = getattr(thing, "introducer", None)
    user = (
        thing.person
        if isinstance(thing, DocumentRequest | OrderAcknowledgement)
        else (thing if mine else between or thing.contact).user
    )
    purpose = ActionLink.Purpose.MY_PAGE if mine else ActionLink.Purpose.ANSWER
    label = thing._meta.label_lower
    facts = {"purpose": purpose, "thing_label": label, "thing_id": thing.pk}
    issued = issue_link(user, **facts, by=CONSOLE_ACTOR, at=AT, real_at=created_at or real_now())
    made.tokens[name] = issued.url.rstrip("/").rpartition("/")[2]
    pages = {
        "procurement.inquiry": "portal_inquiry",
        "procurement.verificationtask": "portal_check",
        "procurement.discrepancy": "portal_discrepancy",
        "procurement.documentrequest": "portal_documents",
        "procurement.orderacknowledgement": "portal_order",
    }
    page = "portal_introduction" if between else pages.get(label, "my_page")
    address = reverse(page, args=[getattr(thing, "reference", "") or thing.pk])
    made.grants.append(LinkSession(issued.link, address, is_email_code_entered=name == "contact"))


def _invitations(made: World, story: PlayedCity) -> None:
    """Make an invitation, unsubscribe tokens, a calendar address, an API token and a password reset."""
    by, at = powers_for(made.people["keeper"]), real_now()
    facts = {"name": "Pat Low", "role": "observer", "city": story.city}
    sent = invite_member(email="pat@burnaby.example", **facts, by=by, at=AT, real_at=at)
    made.tokens["invitation"] = issue_invitation_token(sent)
    made.tokens["stop"] = unsubscribe_token(story.contact.user_id)
    create_feed(made.people["keeper"], by=SelfActor(made.people["keeper"]), at=AT, real_at=at)
    made.tokens["stop kind"] = unsubscribe_token(made.people["newcomer"].pk, "comments")
    made.tokens["api"] = issue_token(
        made.people["officer"],
        name="Stock list",
        scopes=["read"],
        days=30,
        by=SelfActor(made.people["officer"]),
        at=AT,
        real_at=at,
    ).token.prefix
    careful = made.people["careful"]
    made.tokens["reset"] = f"{user_pk_to_url_str(careful)}-{default_token_generator.make_token(careful)}"


def _cookie(grant: LinkSession) -> dict[str, Any]:
    """Return the cookie of a grant, as the product itself writes it."""
    answer = HttpResponse()
    start_link_session(answer, grant)
    return {
        "name": COOKIE_NAME,
        "value": answer.cookies[COOKIE_NAME].value,
        "domain": "localhost",
        "path": grant.path,
    }
