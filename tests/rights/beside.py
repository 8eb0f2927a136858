"""Objects beside a story: facts of its supplier, a watchlist, comments, files, and acts of its people."""

import os
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.actors import CONSOLE
from accounts.models import User
from partners.agreements.models import TwinningAgreement
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from partners.memberships import actions
from partners.memberships.actions import invite_member
from procurement.audit_files.actions import BuiltFile, finish_audit_file, request_audit_file
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import return_submission, submit_document
from procurement.documents.queries import request_actor
from procurement.generated_documents.actions import generate_document
from procurement.leads.actions.attachments import attach_and_flag
from procurement.orders.decision_memos.actions import create_memo
from procurement.outreach.actions.inquiries import save_thank_you_letters
from procurement.outreach.letter_pdf import LetterHead, freeze_letter, new_code
from procurement.outreach.models import SentLetter
from procurement.requests.actions import resume_request, stop_request
from procurement.sanctions.actions.periodic import activate_next, rescreen_suppliers
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.models import WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.suppliers.actions.certificates import claim_certificate, record_issuer_answer
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import record_fact, select_fact_value
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.verification.actions.reuse import request_reuse
from tests import world
from tests.procurement.notify import told_of_a_comment
from tests.procurement.story import AT
from tests.procurement.verification import reuse
from tests.world import powers_for
from workflow.attachments.actions import add_comment, attach_file
from workflow.attachments.models import Comment
from workflow.journal.models import Entry
from workflow.uploads import archives
from workflow.uploads.archives import Archive, archive_path

if TYPE_CHECKING:
    from tests.rights.cast import Part

FAR_OFF = 4_000_000_000  # seconds since 1970: the year 2096


def company(part: "Part") -> None:
    """Add facts, a register lookup, and a certificate with its issuer check to the supplier of a story."""
    story, say, things = part.story, part.say, part.things
    things["supplier"] = correct_supplier(
        story.supplier, SupplierEdit(name_en=say("supplier"), address=say("supplier")), **part.who
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
        things["companyfact"] = record_fact(
            story.supplier,
            name,
            value,
            stated_on=AT.date(),
            how="phoned",
            contact=story.contact,
            entered_by=story.officer.user,
            **{name: say("companyfact") for name in ("stated_by", "source")},
            **part.who,
        )
    select_fact_value(
        things["companyfact"],
        reason=say("companyfact"),
        settled_by=story.officer.user,
        **part.who,
    )
    kind = CertificateType.objects.order_by("code").first()
    document = {name: say("certificate") for name in ("holder", "manufacturer", "issuer", "remark")}
    things["certificate"] = claim_certificate(
        story.supplier,
        kind,
        number=say("certificate"),
        entered_by=story.officer.user,
        **document,
        **part.who,
    )
    record_issuer_answer(
        things["certificate"],
        result="no_answer",
        address=say("certificate"),
        words=say("certificate"),
        looked_up_by=story.officer.user,
        **part.who,
    )


def _asked_for_papers(part: "Part") -> None:
    """Make a document request of the shipment with one submission."""
    things, officer, say = part.things, part.story.officer, part.say
    request = things["document_request"] = request_documents(
        things["shipment"],
        "broker",
        name=say("document_request"),
        email=f"broker@{part.city.slug}.example",
        note=say("document_request"),
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    asked, bringer = request.documents.first(), request_actor(request)
    things["requested document"] = asked
    photo = attach_and_flag(
        asked, part.photo("submission"), by=bringer, at=AT, kind=request.reference, power="submit_documents"
    )
    told = {"number": say("submission"), "remark": say("submission")}
    first = submit_document(request, asked, files=[photo.pk], **told, by=bringer, at=AT)
    return_submission(first, reason=say("submission"), by=officer.by, at=AT)
    photo = attach_and_flag(
        asked, part.photo("submission"), by=bringer, at=AT, kind=request.reference, power="submit_documents"
    )
    things["submission"] = submit_document(request, asked, files=[photo.pk], **told, by=bringer, at=AT)
    things["their file"] = photo


def about(part: "Part") -> None:
    """Add comments and files about the story's objects, generated documents, and acts for the city."""
    things, officer = part.things, part.story.officer
    other, checks = reuse.markham(part.story, "richmond")  # a city without a person among the columns
    things["reuse"] = request_reuse(
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
        add_comment(things[name], part.say("comment"), by=officer.by, at=AT, language="en")
    things["comment"] = Comment.objects.about(things["lead"]).get()
    twinning = TwinningAgreement.objects.get(city_a=part.city)
    for shared in (
        things["supplier"],
        things["certificate"],
        twinning,
    ):  # these belong to no city, but their comments do
        add_comment(shared, part.say("comment"), by=officer.by, at=AT, language="en")
        attach_file(shared, part.photo(), by=officer.by, at=AT)
    add_comment(part.city, part.say("comment"), by=officer.by, at=AT, language="en")
    things["file"] = attach_file(things["lead"], part.photo(), by=officer.by, at=AT)
    observer = part.story.observer
    bundle = things["audit_file"] = request_audit_file(
        things["order"], author=observer.user, language="en", by=observer.by, at=AT
    )
    with Archive() as archive:  # leaks/test_canaries.py makes a real one
        archive.put("note.txt", [b"a note"])
    # Ticks of other tests delete old files that their own databases do not know; this file never gets old.
    os.utime(archive_path(archive.name), (FAR_OFF, FAR_OFF))
    size, digest = archives.measure(archive.name)
    finish_audit_file(bundle, BuiltFile(archive.name, size, digest, files=1, left_out=0), at=AT)
    things["memo"] = create_memo(things["order"], author=officer.user, by=officer.by, at=AT)
    for name, kind, of in (
        ("generated document", "exporter_data", {"shipment": things["shipment"]}),
        ("gift letter", "donation_letter", {"order": things["gift"]}),
    ):
        things[name] = generate_document(
            kind, language_pair="zh-en", author=officer.user, by=officer.by, at=AT, **of
        )
    document = things["document"]
    things["document comment"] = add_comment(
        document, part.say("document comment"), by=officer.by, at=AT, language="en"
    )
    things["document file"] = attach_file(document, part.photo("document file"), by=officer.by, at=AT)
    _asked_for_papers(part)
    stop_request(things["need"], reason=part.say("entry"), **part.who)
    resume_request(things["need"], **part.who)
    things["entry"] = Entry.objects.about(things["need"]).get(verb="stop")
    things["notice"] = told_of_a_comment(things["need"], part.story)
    things["contact"], things["organization"] = part.story.contact, part.story.contact.organization
    things["city"] = things["city people"] = things["city limits"] = part.city
    things["twin"] = world.city("zhongshan")
    things["agreement"] = twinning
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
    things["delegation"] = actions.delegate(
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
    """Put a sanctions list in force, with a supplier that may be on it.

    The supplier was entered by Burnaby's officer and has no offer.
    """
    firm = own.story.company("黑水兰有限公司 DEMO")
    correct_supplier(firm, SupplierEdit(name_en=f"{own.say('match')} Blackwater Orchid"), **own.who)
    told = ListedEntity(
        2,
        f"{own.say('listed name')} Blackwater Orchid",
        (own.say("listed name"),),
        own.say("listed name"),
        (own.say("listed name"),),
        own.say("listed name"),
    )
    own.things["list"] = upload_watchlist(
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
    activate_next(AT)
    own.things["customs rule"] = CustomsRule.objects.get(code="CN-X-CIQ-MASK")
    own.things["duty relief"] = DutyRelief.objects.get(code="CA-20-08")
    own.things["list"].refresh_from_db()
    own.things["listed name"] = own.things["list"].entries.get()
    own.things["match"] = WatchlistMatch.objects.get(supplier=firm)
    for name in ("list", "match"):
        own.marks.number(name, own.city.slug, own.things[name])


def kept_thanks(inquiry: Any) -> SentLetter:
    """Store a thank-you letter about an inquiry, as the periodic job does with its mail."""
    entry, code = Entry.objects.about(inquiry).get(verb="send"), new_code()
    head = LetterHead(f"{inquiry.reference}-T1", inquiry.city, inquiry.contact, AT)
    said = head.words([("en", "Thank you", "Thank you for your help.")], {"en": "Masks"}, code)
    save_thank_you_letters([freeze_letter(said, code=code, at=AT, entry=entry, contact=inquiry.contact)])
    return SentLetter.objects.get(code=code)
