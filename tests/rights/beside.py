"""What stands beside a story: what is said of its company, a list that names one, remarks, files, and what people do for their city."""

import os
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.actors import CONSOLE
from accounts.models import User
from partners.actions import delegations
from partners.actions.corrections import propose_correction
from partners.actions.disputes import add_claim
from partners.actions.roles import invite_member
from partners.models.ties import Twinning
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.leads import showing
from procurement.lists.actions import lists
from procurement.lists.anew import process_next, rescreen_suppliers
from procurement.lists.formats import Listing
from procurement.lists.models.match import ListMatch
from procurement.orders.actions.bundles import Made, ask_for_bundle, finish_bundle
from procurement.orders.actions.memos import make_memo
from procurement.outreach import paper
from procurement.outreach.actions.asking import keep_thanks
from procurement.outreach.models import SentLetter
from procurement.outreach.paper import Head, new_code
from procurement.requests.actions import needs
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.actions.handing.versions import give_paper_back, hand_in_paper
from procurement.shipments.actions.made import make_paper
from procurement.shipments.gathering.handing import acting_for
from procurement.suppliers.actions import certificates, companies, facts
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import settle_fact
from procurement.suppliers.actions.issuer_checks import ask_issuer
from procurement.suppliers.actions.judgements import declare_interest
from procurement.suppliers.actions.lookups import record_lookup
from procurement.verification.actions.sharing import ask_for_reuse
from tests import world
from tests.procurement.story import AT
from tests.procurement.told import told_of_a_comment
from tests.procurement.verification import lending
from tests.world import powers_for
from workflow import actions
from workflow.documents import made
from workflow.documents.made import Archive, place_of
from workflow.models.evidence import Comment
from workflow.models.journal import Entry

if TYPE_CHECKING:
    from tests.rights.cast import Part

FAR_OFF = 4_000_000_000  # seconds since 1970: the year 2096


def company(part: "Part") -> None:
    """What is said of the company of a story: facts and who said them, a look-up, a certificate and what its issuer said."""
    story, say, things = part.story, part.say, part.things
    things["supplier"] = companies.correct(
        story.supplier, name_en=say("supplier"), address=say("supplier"), **part.who
    )
    things["interest"] = declare_interest(
        story.supplier,
        story.observer.user,
        words=say("interest words"),
        by=story.observer.by,
        at=AT,
    )
    things["lookup"] = record_lookup(
        story.supplier,
        "staff",
        answer="active",
        answered_on=AT.date(),
        entered_by=story.officer.user,
        **{name: say("lookup") for name in ("address", "model", "words")},
        **part.who,
    )
    for name, value in (("address", say("companyfact")), ("phone", "+86 760 0000 0000")):
        things["companyfact"] = facts.say(
            story.supplier,
            name,
            value,
            said_on=AT.date(),
            how="called",
            contact=story.contact,
            entered_by=story.officer.user,
            **{name: say("companyfact") for name in ("said_by", "source")},
            **part.who,
        )
    settle_fact(
        things["companyfact"],
        reason=say("companyfact"),
        settled_by=story.officer.user,
        **part.who,
    )
    kind = CertificateKind.objects.order_by("code").first()
    paper = {name: say("certificate") for name in ("holder", "manufacturer", "issuer", "remark")}
    things["certificate"] = certificates.claim(
        story.supplier,
        kind,
        number=say("certificate"),
        entered_by=story.officer.user,
        **paper,
        **part.who,
    )
    ask_issuer(
        things["certificate"],
        result="no_answer",
        address=say("certificate"),
        words=say("certificate"),
        looked_up_by=story.officer.user,
        **part.who,
    )


def _asked_for_papers(part: "Part") -> None:
    """Papers of the shipment asked of somebody by link, and one that came in."""
    things, officer, say = part.things, part.story.officer, part.say
    call = things["call"] = call_for_papers(
        things["shipment"],
        "broker",
        name=say("call"),
        email=f"broker@{part.city.slug}.example",
        note=say("call"),
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    asked, bringer = call.papers.first(), acting_for(call)
    things["asked paper"] = asked
    photo = showing.attach(
        asked, part.photo("paper_version"), by=bringer, at=AT, kind=call.reference, power="hand_in"
    )
    told = {"number": say("paper_version"), "remark": say("paper_version")}
    first = hand_in_paper(call, asked, files=[photo.pk], **told, by=bringer, at=AT)
    give_paper_back(first, reason=say("paper_version"), by=officer.by, at=AT)
    photo = showing.attach(
        asked, part.photo("paper_version"), by=bringer, at=AT, kind=call.reference, power="hand_in"
    )
    things["paper_version"] = hand_in_paper(call, asked, files=[photo.pk], **told, by=bringer, at=AT)
    things["their file"] = photo


def about(part: "Part") -> None:
    """Remarks and files about its things, papers made of them, and who does what for the city."""
    things, officer = part.things, part.story.officer
    other, checks = lending.markham(part.story, "richmond")  # a city with nobody among the columns
    things["reuse"] = ask_for_reuse(
        checks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT
    )
    things["company_change"] = propose_change(
        things["supplier"],
        "correct",
        {"address": part.say("company_change")},
        reason=part.say("company_change"),
        author=other.officer.user,
        by=other.officer.by,
        at=AT,
    )
    for name in ("need", "lead", "order", "shipment"):
        actions.comment(things[name], part.say("comment"), by=officer.by, at=AT, language="en")
    things["comment"] = Comment.objects.about(things["lead"]).get()
    twinning = Twinning.objects.get(city_a=part.city)
    for shared in (
        things["supplier"],
        things["certificate"],
        twinning,
    ):  # no city's: what is said there is
        actions.comment(shared, part.say("comment"), by=officer.by, at=AT, language="en")
        actions.attach(shared, part.photo(), by=officer.by, at=AT)
    actions.comment(part.city, part.say("comment"), by=officer.by, at=AT, language="en")
    things["file"] = actions.attach(things["lead"], part.photo(), by=officer.by, at=AT)
    observer = part.story.observer
    bundle = things["bundle"] = ask_for_bundle(
        things["order"], author=observer.user, language="en", by=observer.by, at=AT
    )
    with Archive() as archive:  # what is really in one: leaks/test_canaries.py
        archive.put("note.txt", [b"a note"])
    # The ticks of other tests sweep what their own databases do not know once it has lain there for a while: this one never has.
    os.utime(place_of(archive.name), (FAR_OFF, FAR_OFF))
    size, digest = made.measured(archive.name)
    finish_bundle(bundle, Made(archive.name, size, digest, files=1, left_out=0), at=AT)
    things["memo"] = make_memo(things["order"], author=officer.user, by=officer.by, at=AT)
    for name, kind, of in (
        ("made paper", "exporter_data", {"shipment": things["shipment"]}),
        ("gift letter", "donation_letter", {"order": things["gift"]}),
    ):
        things[name] = make_paper(kind, tongues="zh-en", author=officer.user, by=officer.by, at=AT, **of)
    paper = things["paper"]
    things["paper comment"] = actions.comment(
        paper, part.say("paper comment"), by=officer.by, at=AT, language="en"
    )
    things["paper file"] = actions.attach(paper, part.photo("paper file"), by=officer.by, at=AT)
    _asked_for_papers(part)
    needs.stop(things["need"], reason=part.say("entry"), **part.who)
    needs.resume(things["need"], **part.who)
    things["entry"] = Entry.objects.about(things["need"]).get(verb="stop")
    things["notice"] = told_of_a_comment(things["need"], part.story)
    things["contact"], things["organisation"] = part.story.contact, part.story.contact.organisation
    things["city"] = things["city people"] = things["city limits"] = part.city
    things["twin"] = world.city("zhongshan")
    things["twinning"] = twinning
    things["correction"] = propose_correction(
        twinning,
        "signed",
        "2009",
        source_url="https://register.example/minutes",
        why=part.say("correction"),
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    things["dispute"] = add_claim(twinning, "kind", "friendship", source="A list", by=CONSOLE, at=AT).dispute
    things["exchange"] = world.exchange(things["twin"], part.city)
    things["membership"] = part.story.observer.user.memberships.get()
    approver = part.story.approver
    things["delegation"] = delegations.delegate(
        part.city,
        part.story.observer.user,
        starts_on=date(2020, 6, 1),
        ends_on=date(2020, 6, 9),
        reason=part.say("delegation"),
        by=approver.by,
        at=AT,
    )
    things["invitation"] = invite_member(
        city=part.city,
        email=f"invited@{part.city.slug}.example",
        name=part.say("invitation"),
        role="observer",
        by=CONSOLE,
        at=AT,
        real_at=AT,
    )


def listed(own: "Part", keeper: User) -> None:
    """A list of sanctions in force, and a company that may be on it: entered by Burnaby's officer, offered by nobody."""
    firm = own.story.company("黑水兰有限公司 DEMO")
    companies.correct(firm, name_en=f"{own.say('match')} Blackwater Orchid", **own.who)
    told = Listing(
        2,
        f"{own.say('listed name')} Blackwater Orchid",
        (own.say("listed name"),),
        own.say("listed name"),
        (own.say("listed name"),),
        own.say("listed name"),
    )
    own.things["list"] = lists.upload(
        [told],
        **{name: own.say("list") for name in ("name", "publisher", "file_name")},
        source=f"https://lists.example/{own.marks.word('list', own.city.slug)}.csv",
        kind="sanctions",
        published_on=AT.date(),
        sha256="a" * 64,
        shape="table",
        unread=[own.say("list")],
        uploaded_by=keeper,
        by=powers_for(keeper),
        at=AT,
    )
    rescreen_suppliers(AT)
    process_next(AT)
    own.things["customs rule"] = CustomsRule.objects.get(code="CN-X-CIQ-MASK")
    own.things["duty relief"] = DutyRelief.objects.get(code="CA-20-08")
    own.things["list"].refresh_from_db()
    own.things["listed name"] = own.things["list"].listed.get()
    own.things["match"] = ListMatch.objects.get(supplier=firm)
    for name in ("list", "match"):
        own.marks.number(name, own.city.slug, own.things[name])


def kept_thanks(inquiry: Any) -> SentLetter:
    """A letter of thanks about a question, as the tick keeps one with its mail."""
    entry, code = Entry.objects.about(inquiry).get(verb="send"), new_code()
    head = Head(f"{inquiry.reference}-T1", inquiry.city, inquiry.contact, AT)
    said = head.words([("en", "Thank you", "Thank you for your help.")], {"en": "Masks"}, code)
    keep_thanks([paper.frozen(said, code=code, at=AT, entry=entry, contact=inquiry.contact)])
    return SentLetter.objects.get(code=code)
