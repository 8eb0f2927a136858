"""Mails to one person about one company tell what each is about; a comment reaches those it concerns."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.actors import CONSOLE
from partners.actions.roles import end_role
from procurement import tasks
from procurement.leads.actions import findings, offers
from procurement.leads.models.finding import Finding
from procurement.leads.screening.sentences import SENTENCES, sentence
from procurement.leads.screening.values import Found
from procurement.notices import planning
from procurement.orders.actions import deciding
from procurement.verification.actions import asking, opening
from procurement.verification.actions.asking import request_check
from procurement.verification.models.checks import Check
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import actions, clock
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.models.post import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("richmond")
    voyage.practise()
    yield voyage
    clock.forget()


def suspicious(story):
    """An offer by a company for which screening finds several reasons to block."""
    line = story.line(4_000)
    lead = offers.draft(
        story.city, author=story.second_officer.user, by=story.second_officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, contact=story.contact, stock_quantity=4_000, kind="sale",
    )  # fmt: skip
    return offers.offer(lead, by=story.second_officer.by, at=AT)


def test_the_checks_of_one_company_have_subjects_that_tell_them_apart(story):
    lead = story.lead(story.line(4_000), 4_000)
    made = lead.checks.values_list("check_kind", flat=True)
    subjects = []
    for kind in [one for one in Check.values if one not in made][:3]:
        task = opening.propose(lead, kind, needed=False, by=story.officer.by, at=AT)
        request_check(task, story.checker, by=story.officer.by, at=AT, chosen_because="The nearest.")
        asking.remind(task, by=story.officer.by, at=AT)
        for verb in ("offer", "remind"):
            entry = history_of(task).get(verb=verb)
            (mail,) = [one for one in planning.plan(entry, AT) if one.template != "staff"]
            with translation.override(story.checker.user.language):
                assert task.get_check_kind_display() in mail.subject
            assert task.reference in mail.subject
            subjects.append(mail.subject)
    assert len(set(subjects)) == len(subjects)


class TestFindings:
    @pytest.fixture
    def found(self, story):
        lead = suspicious(story)
        codes = [code for code in sorted(SENTENCES) if "%(" not in str(SENTENCES[code])][:3]
        findings.find(
            lead, [Found(code=code, severity="block") for code in codes], at=AT, only=frozenset(codes)
        )
        blocking = list(Finding.objects.filter(lead=lead, severity="block", status="open").order_by("pk"))
        return lead, blocking

    def test_one_mail_tells_every_finding_that_blocks_an_offer(self, story, found):
        lead, blocking = found
        assert len(blocking) >= 3
        tasks.announce(AT)
        mails = Message.objects.filter(thing_label="procurement.finding", recipient=story.second_officer.user)
        (mail,) = mails
        assert lead.reference in mail.body
        assert str(lead.supplier) in mail.body
        told = [one for one in blocking if sentence(one.code, one.figures) in mail.body]
        assert told == [one for one in blocking if notices_of(one)]

    def test_the_page_that_answers_a_finding_shows_it_with_its_offer_and_company(self, story, found):
        lead, blocking = found
        browser = Client()
        browser.force_login(story.officer.user)
        for one in blocking:
            for verb in ("answer", "uphold"):
                page = browser.get(f"/findings/{one.reference}/{verb}/").content.decode()
                assert lead.reference in page
                assert str(lead.supplier) in page
                assert sentence(one.code, one.figures)[:20] in page


def notices_of(finding) -> int:
    return InAppNotice.objects.about(finding).count()


class TestComments:
    def told(self, thing) -> set:
        entry = Entry.objects.about(thing).filter(verb="comment").order_by("-pk").first()
        return {one.recipient for one in planning.tell(entry, AT).notices}

    def test_earlier_commenters_hear_of_a_new_comment_and_its_author_does_not(self, story):
        need = story.line().supply_request
        actions.comment(need, "Which size?", by=story.logistics.by, at=AT, language="en")
        actions.comment(need, "Large.", by=story.second_officer.by, at=AT, language="en")
        assert self.told(need) == {story.officer.user, story.logistics.user}

    def test_a_comment_on_ones_own_thing_reaches_the_other_officers(self, story):
        need = story.line().supply_request
        other = story.second_officer.user
        actions.comment(need, "Please look.", by=story.officer.by, at=AT, language="en")
        assert other in self.told(need)

    def test_those_who_decide_on_an_order_hear_of_a_comment(self, story):
        story.limit("1")
        approver = story.approver.user
        order = story.draft()
        deciding.submit(order, by=story.officer.by, at=AT)
        actions.comment(order, "It is urgent.", by=story.officer.by, at=AT, language="en")
        assert self.told(order) == {approver}

    def test_those_who_judge_an_offer_hear_of_a_comment(self, story):
        lead = suspicious(story)
        verifier = story.verifier.user
        actions.comment(lead, "The price fits.", by=story.second_officer.by, at=AT, language="en")
        assert verifier in self.told(lead)
        assert story.second_officer.user not in self.told(lead)

    def test_a_former_colleague_who_commented_hears_nothing(self, story):
        need = story.line().supply_request
        former = story.logistics
        actions.comment(need, "Which size?", by=former.by, at=AT, language="en")
        end_role(former.user.memberships.get(), by=CONSOLE, at=AT)
        actions.comment(need, "Large.", by=story.second_officer.by, at=AT, language="en")
        assert former.user not in self.told(need)

    def test_a_comment_by_a_colleague_reaches_the_keeper(self, story):
        asked = story.asked(story.line())
        actions.comment(asked, "They phoned.", by=story.verifier.by, at=AT, language="en")
        assert self.told(asked) == {story.officer.user}
