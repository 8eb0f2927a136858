"""The canaries themselves: that every text is marked; and the outputs that are no answer to anybody's request: mail, files, counts."""

import json
import re
import zipfile
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from procurement import tasks
from procurement.exchange.bundle.work import carry_on
from procurement.orders.actions.bundles import ask_again
from procurement.orders.models.bundle import Bundle
from procurement.outreach.actions import asking, writing
from procurement.requests.actions import needs
from tests.procurement.story import AT
from tests.rights.doors import World, Wrong, undone
from tests.rights.leaks.test_nowhere import difference
from tests.rights.pages_table import HOMES
from tests.world import powers_for
from workflow.documents.made import place_of
from workflow.doors.middleware import server_error
from workflow.models.post import Message

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# Texts that hold no mark, and why: codes and figures with a form of their own, keys, and what the program writes itself.
UNMARKED = {
    "says who": "entry.by_label",
    "searched as it is announced, below": "message.subject message.body",
    "the program's own words and keys": "inappnotice.thing_label "
    "entry.reference entry.verb entry.via entry.thing_label comment.thing_label file.thing_label "
    "message.thing_label message.template message.result message.link message.address file.content_type "
    "file.uploaded_sha256 file.kept_sha256 file.key file.stored file.kind verificationtask.why "
    "finding.code finding.subject finding.source finding.figures supplier.name_key "
    "lot.inspectors inspection.covers reliefclaim.places reliefclaim.unmet reliefclaim.hs_code "
    "customslane.told_with paperversion.files paperversion.made "
    "madepaper.code madepaper.sha256 madepaper.file_sha256 madepaper.thing madepaper.figures "
    "memo.code memo.sha256 memo.head bundle.stored bundle.sha256 watchlist.sha256 listedname.digest listedname.keys "
    "supplier.name_en_key supplierlead.named supplier.phone_key supplier.address_key supplier.changed_facts supplierlead.changed_facts "
    "certificate.number_key lookup.source_key companyfact.value_key companychange.values companychange.verb companychange.thing_label "
    "companychange.changes companychange.asked companychange.agreed certificate.not_for companyfact.not_for lookup.not_for "
    "supplier.not_for issuercheck.not_for "
    "report.file_ids inquiry.reasons verificationtask.reasons shipment.contradictions shipment.warnings order.override_covers "
    "shipment.via shipment.public_code trackingevent.classifier trackingevent.about "
    "customspaper.code customspaper.rule customspaper.name_en customspaper.name_fr customspaper.name_zh customspaper.satisfied_by "
    "customspaper.source_url milestone.place milestone.timezone inspection.level trackingevent.code file.status contact.status "
    "invitation.status invitation.token_hash membership.status import.columns contact.answer_times",
    "written in another state of its thing": "order.deposit_reason order.override_reason lot.condition lot.override_reason "
    "allocation.override_reason inquiry.remark payment.transfer receiptline.reason bankaccount.called_back_on carton.lot_number "
    "payment.due_reason reliefclaim.word papercall.cannot "
    "listmatch.proposal listmatch.judgement inquiry.told_by customspaper.number trackingevent.external_id entry.facts",
    "a form of its own": "shipment.air_waybill shipment.containers shipment.seals shipment.consignee declaration.lines supplier.uscc "
    "bankaccount.number bankaccount.cities supplierlead.incoterm_place "
    "supplierlead.rate_source supplierlead.landed "
    "supplier.website supplier.email supplier.phone supplier.legal_name_local "
    "certificate.models_covered supplier.referred_by "
    "supplyrequest.facility_kinds supplyrequest.accepts contact.languages contact.families contact.checks invitation.email "
    "papercall.email handout.email contact.stopped_for",
    "of a person, who agreed that whoever may ask them sees it": "contact.title contact.phone contact.wechat contact.holiday_country",
    "the register, public": "organisation.name_en organisation.name_fr organisation.name_local organisation.address organisation.phone "
    "twinning.source_url twinning.source_type twinning.scope twinning.note twinning.conflict correction.value "
    "correction.said correction.source_url correction.answer dispute.settled_for dispute.because companychange.answer "
    "exchange.items exchange.unit exchange.source_url "
    "exchange.note exchange.shipment_reference city.name_en city.name_fr city.name_zh city.name_local city.coord_source "
    "city.timezone city.slug",
}


def free_texts() -> list[tuple[type[models.Model], str]]:
    """Every column of what a city has that holds words."""
    found = []
    for model in apps.get_models():
        if not hasattr(model._default_manager.all(), "visible_to") or "catalogue" in model.__module__:
            continue
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            words = kind in ("CharField", "TextField", "JSONField", "ArrayField", "EmailField", "SlugField")
            short = (field.max_length or 999) < 30 and kind == "CharField"
            if words and not field.choices and not short:
                found.append((model, field.name))
    return found


def test_every_text_a_citys_people_type_is_marked(world):
    known = {name for names in UNMARKED.values() for name in names.split()}
    missing = []
    for model, name in free_texts():
        label = f"{model._meta.model_name}.{name}"
        texts = model._base_manager.values_list(name, flat=True)
        if label not in known and not any(re.search(r"QZ\d{3}BQ", str(text)) for text in texts):
            missing.append(label)
    assert missing == []


def test_mail_tells_nobody_what_is_not_theirs(world):
    """Everything that happened is announced, and every message is searched as its reader will read it."""
    wrong, names = Wrong(), {user.pk: name for name, user in world.users.items()}
    with undone():
        while tasks.announce(AT):
            pass
        messages = list(Message.objects.select_related("recipient"))
        assert len(messages) > 10
        for message in messages:
            who = names.get(message.recipient_id, "")
            for found, (thing, city) in world.marks.told_by(f"{message.subject}\n{message.body}"):
                if not may_hear(world, who, message, thing, city):
                    wrong.add(found, thing, city, who or str(message.recipient), message.template)
    assert wrong == []


def may_hear(world: World, who: str, message: Message, thing: str, city: str) -> bool:
    """A city's own people hear of their own; a contact of what they were asked about and what became of it."""
    if world.may_read(who or alike(message), thing, city):
        return True
    if thing == "second inquiry" and message.recipient.memberships.filter(city__name_en="Zhongshan").exists():
        return True  # the partner city that is asked whether its contact may be asked
    if thing == "introduced inquiry" and message.recipient.contacts.filter(city__name_en="Wuhan").exists():
        return True  # the same, by link
    mine = {"burnaby": world.own, "markham": world.shared}[city].city.pk
    if message.city_id != mine or (who and "contact" not in who):
        return False
    return thing in HEARD or (not who and message.recipient.memberships.filter(city=mine).exists())


def alike(message: Message) -> str:
    """The column of a reader who has none: an officer of another city reads what the officer of a city without a tie does."""
    officer = message.recipient.memberships.filter(role="officer", status="active", city__isnull=False)
    return "foreign officer" if officer.exists() else ""


HEARD = frozenset(
    "need inquiry check supplier lead order shipment invitation call paper_version thanks_note case".split()
    + ["arrived shipment", "asked paper", "open check"]
)


@pytest.fixture
def clock_that_stands(world):
    """A page tells the minute; what is compared is shown in the same one."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("clock_that_stands")
def test_what_a_city_does_moves_no_figure_on_anothers_pages(world):
    """Counts, lists, coverage and the figures beside the navigation stay as they were while Burnaby posts, asks and is offered."""
    readers = ("foreign officer", "shared officer", "foreign coordinator", "own idle broker")
    before = {(who, name): shown(world, who, name) for who in readers for name in HOMES}
    with undone():
        part = world.own
        need = part.need("need")
        part.lead("lead", need.lines.get())
        words = {"subject": "a", "body": "b", "author": part.story.officer.user}
        asking.send(writing.propose(need, part.story.contact, **words, **part.who), **part.who)
        needs.stop(need, reason="enough", **part.who)
        wrong = [
            (*key, *difference(text, now))
            for key, text in before.items()
            if (now := shown(world, *key)) != text
        ]
    assert wrong == [], list(wrong)


def test_a_memo_tells_its_city_nothing_of_another(world):
    """Every word of it, in each language, is one that an officer of the city may read on some page."""
    wrong = Wrong()
    for said in world.things["memo"].prints.values_list("words", flat=True):
        text = json.dumps(said, ensure_ascii=False)
        assert list(world.marks.told_by(text)), "the order's own words are in it"
        for found, (thing, city) in world.marks.told_by(text):
            if not world.may_read("own officer", thing, city):
                wrong.add(found, thing, city)
    assert wrong == [], list(wrong)


@pytest.mark.parametrize("name", ["made paper", "gift letter"])
def test_a_paper_made_from_the_record_tells_nothing_of_another_city(world, name):
    """Every word of it, in each language, is one that an officer of the city may read on some page."""
    text = json.dumps(world.things[name].print.words, ensure_ascii=False)
    told = list(world.marks.told_by(text))
    assert told, "the company's own words are in it"
    assert [found for found, (thing, city) in told if not world.may_read("own officer", thing, city)] == []


def test_the_papers_of_an_order_in_one_file_tell_nobody_what_is_not_theirs(world):
    """Every file and list in it, PDF pages read as text, and the names: what whoever asked may read, and nothing else."""
    wrong = Wrong()
    with undone():
        bundle = Bundle.objects.get(pk=world.things["bundle"].pk)
        ask_again(bundle, by=powers_for(bundle.by), at=AT)
        carry_on(AT)
        bundle.refresh_from_db()
        assert bundle.files > 5
        with zipfile.ZipFile(place_of(bundle.stored)) as archive:
            texts = {name: written(name, archive.read(name)) for name in archive.namelist()}
    assert any(list(world.marks.told_by(text)) for text in texts.values())
    for name, text in texts.items():
        for found, (thing, city) in world.marks.told_by(f"{name} {text}"):
            if not world.may_read("own observer", thing, city):
                wrong.add(name, found, thing, city)
    assert wrong == [], list(wrong)


def written(name: str, data: bytes) -> str:
    """What stands in a file, as a reader reads it."""
    if not name.endswith(".pdf"):
        return data.decode("utf-8", "ignore")
    pages = pypdfium2.PdfDocument(data)
    return " ".join(pages[number].get_textpage().get_text_range() for number in range(len(pages)))


def shown(world: World, who: str, name: str) -> str:
    """A page as it is shown, but for what every showing has of its own."""
    answer: Any = world.visitors[who].page("get", reverse(name))
    return re.sub(r'value="[\w-]{16,}"|datetime="[^"]+"', "", answer.content.decode())


def test_a_page_about_something_that_broke_says_nothing_of_it(world):
    for path in ("/leads/", "/api/v1/supplier-leads/"):
        try:
            raise ValueError(world.marks.word("lead", "burnaby"))
        except ValueError:
            answer = server_error(RequestFactory().get(path))
        assert answer.status_code == 500
        assert not list(world.marks.told_by(answer.content.decode()))


def test_a_request_that_cannot_be_read_is_answered_without_anything_of_anybody(world):
    for who in ("foreign officer", "own observer"):
        visitor = world.visitors[who]
        for path in ("needs/?q=%00", "needs/?page=x", "leads/?status=nothing"):
            assert visitor.page("get", f"/{path}").status_code in (200, 400, 404)
        for path in ("orders/?cursor=x", "orders/?ordering=x", "orders/?nothing=1", "orders/?page_size=0"):
            assert visitor.api("get", path).status_code == 422
        for data in ("{", "[]", "null"):
            answer = visitor.program.client.post(
                "/api/v1/supply-requests/",
                data,
                content_type="application/json",
                headers=visitor.program.headers,
            )
            assert visitor.searched(answer, "supply-requests/").status_code in (400, 422)
