"""A city with a whole story, and everybody who comes to its pages: the world the pages are looked at in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.urls import reverse

from accounts.actions import calendars, links, tokens
from accounts.actions.people import mark_bounced, set_password
from accounts.actors import CONSOLE, Oneself
from accounts.models import Link, User
from accounts.tokens import stop_token
from accounts.web.grants import COOKIE, Grant, give
from partners.actions import roles
from partners.actions.corrections import propose_correction
from partners.actions.disputes import add_claim
from partners.actions.roles import invitation_token, invite_member
from partners.actions.ties import end_twinning
from partners.dates import parse
from partners.models.people import Contact
from partners.models.ties import Exchange, Twinning
from partners.rules.powers import powers_by_link
from procurement.catalogue.models.certificates import CertificateKind
from procurement.leads import showing
from procurement.leads.actions import offers
from procurement.notices import planning
from procurement.outreach.actions import asking, waiting, writing
from procurement.outreach.actions.asking import ask_partner
from procurement.outreach.actions.waiting import give_way
from procurement.outreach.models import Inquiry
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import SupplyRequest
from procurement.shipments.actions.handing.versions import hand_in_paper
from procurement.shipments.actions.handouts import hand_out
from procurement.shipments.gathering.handing import acting_for
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.handouts import HandOut
from procurement.suppliers.actions import certificates
from procurement.suppliers.models.certificate import Certificate
from tests import world
from tests.browser.pages.files import files_brought
from tests.procurement.one_of_each import play
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.procurement.told import tell_everything
from tests.workflow.files import picture, upload
from tests.world import invited_contact, powers_for
from workflow import clock
from workflow.actors import CLOCK
from workflow.clock import create_instance, real_now
from workflow.journal.entries import history_of
from workflow.outbox import ledger

PASSWORD = "four-small-words-here"


@dataclass
class World:
    """Its things by name, its people by the part they play, its links by what they lead to."""

    things: dict[str, Any]
    people: dict[str, User]
    tokens: dict[str, str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    def cookies(self) -> list[dict[str, Any]]:
        """What pressing Continue on each link gave the contact's browser."""
        return [_cookie(grant) for grant in self.grants]


def build() -> World:
    """Play it all."""
    clock.forget()
    create_instance("practice", AT)
    story = Voyage("burnaby")
    world.twinning("burnaby", "zhongshan", signed="2011-04-18")
    world.exchange("zhongshan", "burnaby", "2020-02-03")
    things: dict[str, Any] = dict(play(story, "PRIVATE").by_name)
    things |= {
        "city": story.city,
        "contact": story.contact,
        "draft": _draft(story),
        "account": story.account(),
        "draft order": story.draft(),
    }
    things["twinning"] = Twinning.objects.get()
    things["ended twinning"] = _ended()
    things["exchange"] = Exchange.objects.get()
    for kind, source in (("sister", "The city"), ("friendship", "A list of the province")):
        claim = add_claim(things["twinning"], "kind", kind, source=source, by=CONSOLE, at=AT)
    things["dispute"] = claim.dispute
    things["correction"] = propose_correction(
        story.city,
        "population",
        "249125",
        source_url="https://register.example/minutes",
        why="The census of 2021",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    things["certificate"] = _certificate(story)
    things["hand out"] = _handed_out(story)
    story.ready(story.promise())  # what the page that plans a shipment offers
    made = World(things, _people(story))
    _contact_pages(made, story)
    _invitations(made, story)
    made.things |= files_brought(made.people["keeper"])
    assert tell_everything() >= 3  # under the bell
    return made


def _handed_out(story: Voyage) -> HandOut:
    """Pieces of a released lot that went to a ward."""
    lot = story.released(story.plan(story.ready(story.promise()))).lots.get()
    how: dict[str, Any] = {"handed_on": AT.date(), "place": "Burnaby Hospital, ward 3"}
    return hand_out(lot, 10, **how, author=story.logistics.user, by=story.logistics.by, at=lot.released_at)


def _ended() -> Twinning:
    """An agreement that a council ended: it stays in the register, and its page and its city's say so."""
    tie = world.twinning("burnaby", "foshan", signed="1998")
    how: dict[str, Any] = {"why": "terminated", "on": parse("2019-10-01"), "reason": "the council’s vote"}
    return end_twinning(tie, **how, by=CONSOLE, at=AT)


def _silent(question: Inquiry, story: Voyage) -> Inquiry:
    """A question whose three reminders nobody answered, with its mails: somebody is to phone, and somebody else may be asked."""
    for _reminder in range(3):
        waiting.remind(question, by=story.officer.by, at=AT)
    for entry in history_of(question):
        ledger.queue(planning.plan(entry, AT))
    return give_way(question, by=CLOCK, at=AT)


def _between(made: World, story: Voyage) -> Inquiry:
    """A question through a partner city, of whose contacts one is asked by link to agree; the contact asked has no tie with us."""
    world.twinning("zhongshan", "jiangmen")
    question = writing.propose(
        made.things["need"],
        world.contact("jiangmen", "Luo Min"),
        through_city=world.city("zhongshan"),
        subject="Can you help?",
        body="Dear Luo Min,\n\nwe need masks.",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    return ask_partner(question, by=story.officer.by, at=AT)


def _returned(question: Inquiry) -> Inquiry:
    """A question whose mail came back: another address is asked for."""
    mark_bounced(question.contact.user, by=CLOCK, at=AT, reason="550 no such user")
    return question


def _draft(story: Voyage) -> SupplyRequest:
    """A need that is still being written."""
    officer = story.officer
    need = needs.draft(
        story.city,
        title="Gloves for Burnaby Hospital",
        declared_use="medical",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    line = LineFacts(product=story.lead(story.line()).product, quantity=5_000)
    return set_lines(need, [line], by=officer.by, at=AT)


def _certificate(story: Voyage) -> Certificate:
    """A number that nobody has looked up yet."""
    kind = CertificateKind.objects.get(code="CN_NMPA_REG")
    who = story.officer
    return certificates.claim(
        story.supplier, kind, number="粤械注准20202140123", entered_by=who.user, by=who.by, at=AT
    )


def _people(story: Voyage) -> dict[str, User]:
    """An officer; who looks after people, network and server; somebody to whom everything is new; somebody with two steps."""
    keeper = world.member("administrator", story.city, "Kay Lee")
    roles.grant(keeper, role="coordinator", city=None, by=CONSOLE, at=AT)
    roles.grant(keeper, role="approver", city=story.city, by=CONSOLE, at=AT)
    User.objects.filter(pk=keeper.pk).update(is_staff=True)
    careful = world.member("observer", story.city, "Vera Wong")
    for person in (careful, story.officer.user):
        set_password(person, PASSWORD, by=Oneself(person), at=AT)
    TOTP.activate(careful, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(careful)
    newcomer = world.member("officer", world.city("markham"), "Ned New")
    return {"officer": story.officer.user, "keeper": keeper, "careful": careful, "newcomer": newcomer}


def _contact_pages(made: World, story: Voyage) -> None:
    """One link for each state a contact's pages have."""
    answered = _inquiry(made, story)
    contact = answered.contact
    lead = offers.answer(
        answered,
        author=contact.user,
        supplier=story.supplier,
        line=made.things["need"].lines.get(),
        product=made.things["need"].lines.get().product,
        stock_quantity=4_000,
        by=powers_by_link(contact.user, contact, ("procurement.inquiry", answered.pk)),
        at=AT,
    )
    made.things |= {
        "open question": made.things["inquiry"],
        "open check": made.things["check"],
        "answered question": answered,
        "unsent question": _inquiry(made, story, "Zhou Yan", send=False),
        "returned question": _returned(_inquiry(made, story, "Gao Ming")),
        "answer": lead,
        "silent question": _silent(_inquiry(made, story, "Qin Lei"), story),
        "question between": _between(made, story),
    }
    reported = made.things["report"].task
    made.things["reported check"] = reported
    invited = invited_contact("zhongshan", "Chen Jing")
    made.things["invited"] = invited
    for name, thing in (
        ("open question", made.things["inquiry"]),
        ("answered question", answered),
        ("open check", made.things["check"]),
        ("reported check", reported),
        ("invited", invited),
        ("contact", story.contact),
        ("case", made.things["case"]),
        ("question between", made.things["question between"]),
    ):
        _link(made, name, thing)
    made.things["handed in"] = _handed_in(made.things["call"])
    _link(made, "call", made.things["call"])
    _link(made, "expired", made.things["inquiry"], real_now() - timedelta(days=40))
    made.grants.pop()


def _handed_in(call: PaperCall) -> PaperVersion:
    """A paper that came in by the link of a call, and nobody has looked at."""
    paper, by = call.papers.get(code="RELEASE"), acting_for(call)
    photo = showing.attach(
        paper, upload(picture("PNG"), "release.png"), by=by, at=AT, kind=call.reference, power="hand_in"
    )
    return hand_in_paper(call, paper, files=[photo.pk], number="PARS 7", by=by, at=AT)


def _inquiry(made: World, story: Voyage, name: str = "Wang Fang", *, send: bool = True) -> Inquiry:
    """Another question about the need."""
    who = story.officer
    need, contact = made.things["need"], world.contact("zhongshan", name)
    asked = writing.propose(
        need,
        contact,
        subject="Can you help?",
        body="Dear Wang Fang,\n\nwe need masks.",
        author=who.user,
        by=who.by,
        at=AT,
    )
    return asking.send(asked, by=who.by, at=AT) if send else asked


def _link(made: World, name: str, thing: Any, made_at: datetime | None = None) -> None:
    """A link as a mail carries it, and what Continue would give."""
    mine = isinstance(thing, Contact)
    between = getattr(thing, "introducer", None)
    user = (
        thing.person if isinstance(thing, PaperCall) else (thing if mine else between or thing.contact).user
    )
    purpose = Link.Purpose.MY_PAGE if mine else Link.Purpose.ANSWER
    label = thing._meta.label_lower
    facts = {"purpose": purpose, "thing_label": label, "thing_id": thing.pk}
    issued = links.issue(user, **facts, by=CONSOLE, at=AT, real_at=made_at or real_now())
    made.tokens[name] = issued.url.rstrip("/").rpartition("/")[2]
    pages = {
        "procurement.inquiry": "answer",
        "procurement.verificationtask": "report",
        "procurement.differencecase": "case_answer",
        "procurement.papercall": "handing",
    }
    page = "introduce" if between else pages.get(label, "my_page")
    address = reverse(page, args=[getattr(thing, "reference", "") or thing.pk])
    made.grants.append(Grant(issued.link, address, proved=name == "contact"))


def _invitations(made: World, story: Voyage) -> None:
    """Somebody is invited; somebody asked for a new password; somebody changes their address."""
    by, at = powers_for(made.people["keeper"]), real_now()
    facts = {"name": "Pat Low", "role": "observer", "city": story.city}
    sent = invite_member(email="pat@burnaby.example", **facts, by=by, at=AT, real_at=at)
    made.tokens["invitation"] = invitation_token(sent)
    made.tokens["stop"] = stop_token(story.contact.user_id)
    calendars.make(made.people["keeper"], by=Oneself(made.people["keeper"]), at=AT, real_at=at)
    made.tokens["stop kind"] = stop_token(made.people["newcomer"].pk, "comments")
    made.tokens["api"] = tokens.issue(
        made.people["officer"],
        name="Stock list",
        scopes=["read"],
        days=30,
        by=Oneself(made.people["officer"]),
        at=AT,
        real_at=at,
    ).token.prefix
    careful = made.people["careful"]
    made.tokens["reset"] = f"{user_pk_to_url_str(careful)}-{default_token_generator.make_token(careful)}"


def _cookie(grant: Grant) -> dict[str, Any]:
    """The cookie of a grant, as the product itself writes it."""
    answer = HttpResponse()
    give(answer, grant)
    return {"name": COOKIE, "value": answer.cookies[COOKIE].value, "domain": "localhost", "path": grant.path}
