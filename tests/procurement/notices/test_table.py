"""The table of messages is whole: every move stands in it or is silent, and every message can be written in three languages."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from accounts.actions import links
from accounts.actors import CONSOLE
from accounts.models import Link, User
from partners.actions.corrections import propose_correction
from partners.actions.roles import invite_member
from partners.models.delegations import Delegation
from partners.models.imports import Import
from partners.models.people import Membership
from procurement.catalogue.models.certificates import CertificateKind
from procurement.leads.actions import offers
from procurement.leads.models.finding import Finding
from procurement.lists.models.watch_list import WatchList
from procurement.notices import table, words
from procurement.notices.silent import silent
from procurement.shipments.actions.customs import place_hold
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.handing import PaperVersion
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.thanks import ThanksNote
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.change import CompanyChange
from procurement.verification.models.checks import VerificationTask
from tests import world
from tests.procurement.orders.table import asked
from tests.procurement.story import AT
from tests.procurement.verification import lending
from workflow.clock import real_now
from workflow.models.journal import Entry
from workflow.moves import Moves
from workflow.outbox import ledger

LANGUAGES = ("en", "fr-ca", "zh-hans")


def moves() -> list[tuple[str, str]]:
    return [(label, move.verb) for label, life in Moves.registry.items() for move in life]


def recorded() -> set[str]:
    """The verbs that actions record without a move: the second argument of `journal.record`, where it is written out."""
    verbs = set()
    for room in ("workflow", "accounts", "partners", "procurement"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                    ("journal.record", "_stamp")
                ):
                    verbs |= {
                        arg.value
                        for arg in node.args
                        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    }
    return verbs


@pytest.mark.parametrize(("label", "verb"), moves())
def test_every_move_is_announced_or_silent_on_purpose(label, verb):
    told = (label, verb) in table.NOTICES
    listed = any(verb in verbs for thing, verbs in silent() if thing in (label, "*"))
    assert told != listed, f"{label} {verb} stands {'twice' if told else 'nowhere'} in procurement/notices"


def test_every_verb_recorded_without_a_move_is_announced_or_silent_as_well():
    known = {verb for _label, verb in table.NOTICES} | {verb for _thing, verbs in silent() for verb in verbs}
    columns = {"bounced_at", "stopped_at"}
    assert recorded() - known - columns == set()


def test_the_table_speaks_only_of_what_exists():
    labels = {label for label, _verb in table.NOTICES} | {thing for thing, _verbs in silent()}
    for label in labels - {"*"}:
        apps.get_model(label)
    known = Counter(moves())
    for label, verb in table.NOTICES:
        if label in Moves.registry:
            assert known[label, verb], f"{label} has no move {verb}"
            one = Moves.registry[label][verb]
            for notice in table.NOTICES[label, verb]:
                assert not notice.while_at or one.target is None or one.target in notice.while_at
                assert notice.while_at <= set(Moves.registry[label].statuses.values)


def test_no_verb_is_listed_twice_as_silent():
    listed = Counter((thing, verb) for thing, verbs in silent() for verb in verbs)
    assert [pair for pair, times in listed.items() if times > 1] == []


def _version(story) -> PaperVersion:
    """A paper that came in by link, without its file: what is told of it."""
    planned = story.plan()
    call = call_for_papers(
        planned, "broker", name="Anne", email="anne@broker.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    return PaperVersion(
        pk=1,
        paper=call.papers.first(),
        city=story.city,
        call=call,
        number=1,
        author=call.person,
        created_at=AT,
    )


@pytest.fixture
def things(story, inquiry) -> dict[str, object]:
    """One thing of each kind that a message speaks of."""
    shipment = story.lot().shipment
    by, lane = story.logistics.by, shipment.lanes.first()
    real = real_now()
    version = _version(story)
    lead = offers.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                       product=story.line().product, contact=story.contact)  # fmt: skip
    return {
        "procurement.supplyrequest": inquiry.supply_request,
        "procurement.inquiry": inquiry,
        "procurement.supplierlead": lead,
        "procurement.supplier": story.supplier,
        "procurement.bankaccount": BankAccount(pk=1, supplier=story.supplier, bank="Bank", number="6222000011112222"),
        "procurement.certificate": Certificate(
            pk=1, reference="CE-2020-0001", supplier=story.supplier, number="QM-1", kind=CertificateKind.objects.first()
        ),
        "procurement.finding": Finding.objects.first() or Finding(lead=lead, city=story.city),
        "procurement.verificationtask": VerificationTask.objects.first(),
        "procurement.reuse": lending.asked(story),
        "procurement.order": story.draft(),
        "procurement.shipment": shipment,
        "procurement.customshold": place_hold(
            story.lane(story.plan(), "import"), reason="A paper is missing", question="Which one?", by=by, at=AT
        ),
        "procurement.customspaper": lane.papers.first(),
        "procurement.customslane": lane,
        "procurement.papercall": version.call,
        "procurement.paperversion": version,
        "procurement.receipt": shipment.receipts.first(),
        "procurement.differencecase": DifferenceCase.objects.create(
            reference="DC-2020-0001", status="open", created_at=AT, shipment=shipment, line=shipment.lines.first(),
            receipt=shipment.receipts.first(), city=story.city, contact=story.contact, kind="missing", pieces=10,
            reason="A carton is not there.",
        ),
        "procurement.lot": shipment.lots.first(),
        "procurement.handout": HandOut(
            pk=1, lot=shipment.lots.first(), city=story.city, place="Ward 3", quantity=10, handed_on=AT.date(),
            person=story.contact.user, name="Lee", email="lee@ward.example", status="handed_out", created_at=AT,
        ),
        "procurement.reliefclaim": ReliefClaim(
            pk=1, reference="RC-2020-0001", status="open", city=story.city, shipment=shipment, claimed_on=AT.date(),
            prove_by=AT.date(), created_at=AT,
        ),
        "procurement.thanksnote": ThanksNote.objects.create(
            pack=shipment.thanks_packs.first(), city=story.city, contact=story.contact, thanked_for="offered", language="en",
            subject="Thank you", body="The goods are here.", status="sent", created_at=AT,
        ),
        "procurement.companychange": CompanyChange(
            pk=1, reference="CC-2020-0001", supplier=story.supplier, thing_label="procurement.supplier",
            thing_id=story.supplier.pk, verb="correct", author=story.officer.user, proposed_for=story.city,
            changes=[{"field": "website", "old": "", "new": "kanghu.example"}], asked=[story.city.pk],
            status="proposed", created_at=AT,
        ),
        "procurement.bundle": asked(story),
        "procurement.watchlist": WatchList(
            pk=1, reference="WL-2020-0001", name="A list", uploaded_by=story.officer.user, status="uploaded", created_at=AT
        ),
        "partners.import": Import(pk=1, by=story.officer.user, table="cities", status="uploaded", created_at=AT),
        "partners.membership": Membership.objects.get(user=story.officer.user),
        "partners.delegation": Delegation(
            pk=1, city=story.city, giver=story.approver.user, deputy=story.officer.user, starts_on=AT.date(),
            ends_on=AT.date(), given_at=AT,
        ),
        "partners.contact": story.contact,
        "partners.correction": propose_correction(
            story.city, "population", "249125", source_url="https://register.example/minutes", why="Counted",
            author=story.officer.user, by=story.officer.by, at=AT,
        ),
        "partners.twinning": world.twinning(story.city, "wuhan", expires="2021-06"),
        "partners.invitation": invite_member(
            email="new@cast.example", name="New", role="officer", city=story.city,
            by=story.person("administrator").by, at=AT, real_at=real,
        ),
        "accounts.link": links.issue(
            story.contact.user, purpose=Link.Purpose.ANSWER, thing_label="procurement.inquiry", thing_id=inquiry.pk,
            by=CONSOLE, at=AT, real_at=real,
        ).link,
        "accounts.user": story.contact.user,
        "*": lead,
    }  # fmt: skip


def test_every_message_can_be_written_in_three_languages(things):
    for (label, verb), rows in table.NOTICES.items():
        thing = things[label]
        entry = Entry(verb=verb, by_label="Somebody", reason="because", at=AT, facts={"to": "Li Wei"})
        for notice in rows:
            for language in LANGUAGES:
                with translation.override(language):
                    said = words.write(
                        notice.template, words.facts(notice, thing, entry, User(name="Reader"))
                    )
                assert said.subject, (label, verb)
                assert "%(" not in said.subject + said.body
                assert "\n\n\n" not in said.body
                assert (ledger.LINK in said.body) == bool(notice.link(thing)), (label, verb, notice.template)
            assert all(isinstance(person, User) for person in notice.audience(thing))
