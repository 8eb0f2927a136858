"""What mail the system sends: the table is whole, every message can be written in three languages, and goes to whom it should."""

import ast
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from accounts.actions import links, people
from accounts.actors import CONSOLE
from accounts.models import Link, User
from partners.actions import people as partners
from partners.actions import roles
from procurement import notices
from procurement.leads import actions as leads
from procurement.leads.models import Finding
from procurement.notices import audiences, words
from procurement.notices.silent import silent
from procurement.outreach import actions as outreach
from procurement.outreach.models import Inquiry
from procurement.shipments import actions as shipments
from procurement.verification.models import VerificationTask
from tests import world
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import actions, clock, journal, outbox
from workflow.actors import CLOCK
from workflow.models import Entry
from workflow.moves import Moves

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
    told = (label, verb) in notices.NOTICES
    listed = any(verb in verbs for thing, verbs in silent() if thing in (label, "*"))
    assert told != listed, f"{label} {verb} stands {'twice' if told else 'nowhere'} in procurement/notices"


def test_every_verb_recorded_without_a_move_is_announced_or_silent_as_well():
    known = {verb for _label, verb in notices.NOTICES} | {
        verb for _thing, verbs in silent() for verb in verbs
    }
    columns = {"bounced_at", "stopped_at"}
    assert recorded() - known - columns == set()


def test_the_table_speaks_only_of_what_exists():
    labels = {label for label, _verb in notices.NOTICES} | {thing for thing, _verbs in silent()}
    for label in labels - {"*"}:
        apps.get_model(label)
    known = Counter(moves())
    for label, verb in notices.NOTICES:
        if label in Moves.registry:
            assert known[label, verb], f"{label} has no move {verb}"
            one = Moves.registry[label][verb]
            for notice in notices.NOTICES[label, verb]:
                assert not notice.while_at or one.target is None or one.target in notice.while_at
                assert notice.while_at <= set(Moves.registry[label].statuses.values)


def test_no_verb_is_listed_twice_as_silent():
    listed = Counter((thing, verb) for thing, verbs in silent() for verb in verbs)
    assert [pair for pair, times in listed.items() if times > 1] == []


@pytest.fixture
def story(db) -> Voyage:
    return Voyage()


@pytest.fixture
def inquiry(story) -> Inquiry:
    return outreach.propose(
        story.line().supply_request,
        story.contact,
        subject="能否协助？",
        body="尊敬的李先生：\n\n我们需要口罩。",
        body_own="Dear Mr Li,\n\nwe need masks.",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


@pytest.fixture
def things(story, inquiry) -> dict[str, object]:
    """One thing of each kind that a message speaks of."""
    shipment = story.lot().shipment
    by, lane = story.logistics.by, shipment.lanes.first()
    real = clock.real_now()
    lead = leads.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                       product=story.line().product, contact=story.contact)  # fmt: skip
    return {
        "procurement.supplyrequest": inquiry.supply_request,
        "procurement.inquiry": inquiry,
        "procurement.supplierlead": lead,
        "procurement.finding": Finding.objects.first() or Finding(lead=lead, city=story.city),
        "procurement.verificationtask": VerificationTask.objects.first(),
        "procurement.order": story.draft(),
        "procurement.shipment": shipment,
        "procurement.customshold": shipments.hold(
            story.lane(story.plan(), "import"), reason="A paper is missing", question="Which one?", by=by, at=AT
        ),
        "procurement.customspaper": lane.papers.first(),
        "procurement.receipt": shipment.receipts.first(),
        "procurement.lot": shipment.lots.first(),
        "partners.contact": story.contact,
        "partners.invitation": roles.invite(
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
    for (label, verb), rows in notices.NOTICES.items():
        thing = things[label]
        entry = Entry(verb=verb, by_label="Somebody", reason="because", facts={"to": "Li Wei"})
        for notice in rows:
            for language in LANGUAGES:
                with translation.override(language):
                    said = words.write(
                        notice.template, words.facts(notice, thing, entry, User(name="Reader"))
                    )
                assert said.subject, (label, verb)
                assert "%(" not in said.subject + said.body
                assert "\n\n\n" not in said.body
                assert (outbox.LINK in said.body) == bool(notice.link(thing)), (label, verb, notice.template)
            assert all(isinstance(person, User) for person in notice.audience(thing))


class TestPlanning:
    def messages(self, thing, verb):
        return notices.plan(journal.history(thing).filter(verb=verb).first(), AT)

    def test_a_question_goes_to_the_contact_in_their_language_with_a_link(self, story, inquiry):
        contact = story.contact
        people.edit(contact.user, language="zh-hans", time_zone="Asia/Shanghai", by=CONSOLE, at=AT)
        inquiry.refresh_from_db()
        outreach.send(inquiry, by=story.officer.by, at=AT)
        (message,) = self.messages(inquiry, "send")
        assert message.recipient == contact.user
        assert message.address == contact.user.email
        assert message.language == "zh-hans"
        assert message.subject == "能否协助？"
        assert "我们需要口罩" in message.body
        assert "we need masks" in message.body, "and in the words of who asks"
        assert outbox.LINK in message.body
        assert message.link == {"purpose": "answer"}
        assert message.city_id == story.city.pk
        assert message.next_try_at == AT + timedelta(hours=8), "at eight in the morning there, a Friday"
        assert message.expires_at == message.next_try_at + timedelta(days=7)

    def test_who_does_it_is_not_told_what_they_did(self, story, inquiry):
        actions.comment(inquiry, "Note to myself", by=story.officer.by, at=AT, language="en")
        assert self.messages(inquiry, "comment") == []
        actions.comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        (message,) = self.messages(inquiry, "comment")
        assert message.recipient == story.officer.user
        assert message.subject == f"{inquiry.reference}: A comment"
        assert message.link == {}

    def test_a_receipt_goes_at_once_to_who_did_it_and_leads_to_their_own_page(self, story, inquiry):
        outreach.send(inquiry, by=story.officer.by, at=AT)
        outreach.answer(inquiry, by=world.own_link(story.contact), at=AT)
        thanks, told = self.messages(inquiry, "answer")
        assert thanks.recipient == story.contact.user
        assert thanks.next_try_at == AT
        assert thanks.link["thing_label"] == "partners.contact"
        assert thanks.link["thing_id"] == story.contact.pk
        assert told.recipient == story.officer.user

    def test_after_the_third_reminder_the_officer_is_asked_to_phone(self, story, inquiry):
        outreach.send(inquiry, by=story.officer.by, at=AT)
        for number in range(3):
            outreach.remind(inquiry, by=story.officer.by, at=AT + timedelta(days=number))
        for_third, *earlier = journal.history(inquiry).filter(verb="remind")
        inquiry.chases = 1
        people_told = {message.recipient for message in notices.plan(for_third, AT)}
        assert story.contact.user in people_told
        assert len(earlier) == 2

    def test_after_the_third_reminder_the_coordinators_of_the_city_are_asked_to_phone_too(
        self, story, inquiry
    ):
        network, abroad = world.member("coordinator"), world.member("coordinator", world.city("ontario"))
        outreach.send(inquiry, by=story.officer.by, at=AT)
        for number in range(2):
            outreach.remind(inquiry, by=story.officer.by, at=AT + timedelta(days=number))
        second = journal.history(inquiry).filter(verb="remind").first()
        assert network not in {message.recipient for message in notices.plan(second, AT)}
        outreach.remind(inquiry, by=CLOCK, at=AT + timedelta(days=3))
        third = journal.history(inquiry).filter(verb="remind").first()
        told = {message.recipient for message in notices.plan(third, AT)}
        assert {network, story.officer.user} <= told
        assert abroad not in told

    def test_nobody_is_told_twice_of_one_thing(self, story, inquiry):
        outreach.send(inquiry, by=story.officer.by, at=AT)
        outreach.answer(inquiry, by=world.own_link(story.contact), at=AT)
        people_told = [message.recipient_id for message in self.messages(inquiry, "answer")]
        assert len(people_told) == len(set(people_told))

    def test_who_asked_us_to_stop_or_cannot_be_reached_gets_nothing_but_what_they_ask_for(
        self, story, inquiry
    ):
        outreach.send(inquiry, by=story.officer.by, at=AT)
        people.stop_mail(story.contact.user, by=CONSOLE, at=AT)
        assert self.messages(inquiry, "send") == []
        link = links.issue(
            story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=inquiry.pk, by=CONSOLE,
            at=AT, real_at=clock.real_now(),
        ).link  # fmt: skip
        links.ask_for_code(link, at=AT, real_at=clock.real_now())
        (message,) = self.messages(link, "ask_for_code")
        assert message.link == {"purpose": "code"}
        assert message.expires_at == AT + timedelta(minutes=10)

    def test_what_is_silent_plans_nothing(self, story, inquiry):
        assert self.messages(inquiry, "propose") == []

    def test_a_thing_that_is_gone_plans_nothing(self, story, inquiry):
        entry = Entry(thing_label="procurement.inquiry", thing_id=0, verb="send", at=AT)
        assert notices.plan(entry, AT) == []
        assert notices.load("procurement.inquiry", 0) is None


class TestRelevant:
    @pytest.fixture
    def message(self, story, inquiry):
        outreach.send(inquiry, by=story.officer.by, at=AT)
        (message,) = notices.plan(journal.history(inquiry).get(verb="send"), AT)
        return message

    def test_while_the_question_waits(self, message):
        assert notices.relevant(message)

    def test_not_once_it_was_answered(self, story, inquiry, message):
        outreach.decline(inquiry, by=world.own_link(story.contact), at=AT)
        assert not notices.relevant(message)

    def test_not_to_who_asked_us_to_stop(self, story, message):
        people.stop_mail(message.recipient, by=CONSOLE, at=AT)
        assert not notices.relevant(message)

    def test_not_if_the_table_no_longer_knows_it(self, message):
        message.template = "of an older release"
        assert not notices.relevant(message)

    def test_a_notice_without_a_status_stays_relevant(self, story, inquiry):
        actions.comment(inquiry, "A question", by=story.second_officer.by, at=AT, language="en")
        (message,) = notices.plan(journal.history(inquiry).get(verb="comment"), AT)
        assert notices.relevant(message)


class TestAudiences:
    def test_hours_are_a_contacts_own_or_those_of_their_city(self, story):
        assert audiences.hours_of(story.contact.user).country == "CN"
        assert audiences.hours_of(story.officer.user).country == "CA"
        assert audiences.hours_of(world.user()).country == ""
        partners.correct_contact(
            story.contact,
            by=world.own_link(story.contact),
            at=AT,
            working_from="10:00",
            working_until="15:00",
        )
        story.contact.refresh_from_db()
        assert audiences.hours_of(story.contact.user).opens.hour == 10

    def test_where_the_keeper_has_left_the_citys_officers_are_told(self, story, inquiry):
        other = story.second_officer
        assert audiences.keeper(inquiry) == [story.officer.user]
        people.shut_out(story.officer.user, reason="left", by=CONSOLE, at=AT, real_at=clock.real_now())
        inquiry.refresh_from_db()
        assert audiences.keeper(inquiry) == [other.user]

    def test_logistics_or_else_the_officers_receive(self, story, inquiry):
        officer = story.officer
        assert audiences.logistics(inquiry) == [officer.user]
        assert audiences.logistics(inquiry) != [story.logistics.user]

    def test_the_go_between_is_the_partner_citys(self, story, inquiry):
        through = world.city("foshan")
        inquiry.through_city = through
        assert audiences.go_between(inquiry) == []
        administrator = world.member("administrator", through)
        assert audiences.go_between(inquiry) == [administrator]
        officer = world.member("officer", through)
        assert audiences.go_between(inquiry) == [officer]

    def test_who_waits_for_somebodys_answer(self, story, inquiry):
        looks_after = world.member("administrator", story.contact.city)
        assert set(audiences.askers_of(story.contact.user)) == {story.officer.user, looks_after}

    def test_who_is_told_of_a_link_to_the_wrong_person(self, story, inquiry):
        about = Link(user=story.contact.user, thing_label="procurement.inquiry", thing_id=inquiry.pk)
        assert audiences.askers_of_link(about) == [story.officer.user]
        own = Link(user=story.contact.user, thing_label="partners.contact", thing_id=story.contact.pk)
        assert audiences.askers_of_link(own) == [story.officer.user]

    def test_nobody_is_meant_where_nobody_is_named(self, story, inquiry):
        lead = leads.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                           product=story.line().product)  # fmt: skip
        assert audiences.contact(lead) == []
        assert audiences.broker(story.plan()) == []
