"""Tests of mail subjects about one company, which differ, and of the recipients of comments."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import end_role
from procurement.leads.actions.findings import record_findings
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.screen_offer import OFFER_RULES
from procurement.notifications.builder import build_messages, build_notifications_for_entry
from procurement.orders.actions.approve import submit_order
from procurement.orders.models import Order
from procurement.quality.models import Lot
from procurement.tasks import plan_messages
from procurement.verification.actions.assignment import remind_contact, request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.models import CheckKind
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.comments_and_files.actions import add_comment
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def offer_with_many_findings(story):
    """Return an offer by a company for which screening finds several blocking reasons."""
    line = story.line(4_000)
    lead = draft_lead(
        story.city, author=story.second_officer.user, by=story.second_officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, contact=story.contact, stock_quantity=4_000, kind="sale",
    )  # fmt: skip
    return submit_lead(lead, by=story.second_officer.by, at=AT)


def test_check_emails_name_the_check_or_their_number_and_have_distinct_subjects(story):
    lead = story.lead(story.line(4_000), 4_000)
    made = lead.checks.values_list("check_kind", flat=True)
    asked, subjects = [], []
    for kind in [one for one in CheckKind.values if one not in made][:3]:
        task = propose_check(lead, kind, needed=False, by=story.officer.by, at=AT)
        request_check(task, story.checker, by=story.officer.by, at=AT, chosen_because="The nearest.")
        remind_contact(task, by=story.officer.by, at=AT)
        asked.append(task)
        mails = []
        for verb in ("offer", "remind"):
            entry = history_of(task).get(verb=verb)
            mails += [one for one in build_messages(entry, AT) if one.template != "staff"]
        with translation.override(story.checker.user.language):
            names = [one.get_check_kind_display() for one in asked]
        what, count = names[0], len(asked)
        expected = (
            [
                f"Richmond请您协助核查{lead.supplier}（共{count}项）",
                f"谨此提示：{lead.supplier}的{count}项核查",
            ]
            if count > 1
            else [f"Richmond请您核查{lead.supplier}：{what}", f"谨此提示：{lead.supplier}的{what}"]
        )
        assert [one.subject for one in mails] == [
            f"{words} ({task.reference}, 2020年4月17日)" for words in expected
        ]
        for mail in mails:
            assert all(name in mail.body for name in names)
            assert count == 1 or all(f"({one.reference})" in mail.body for one in asked)
        subjects += [one.subject for one in mails]
    assert len(set(subjects)) == len(subjects) == 6


def test_subjects_to_a_contact_say_what_their_number_is_about(story):
    story.released()
    subjects = {
        mail.template: mail.subject
        for entry in Entry.objects.order_by("pk")
        for mail in build_messages(entry, entry.at)
        if mail.template != "staff"
    }
    order, lead = Order.objects.get(), SupplierLead.objects.get()
    with translation.override("zh-hans"):
        named = {
            "lead_verified": f"{story.supplier.name} · {lead.product.name} · {lead.reference}",
            "order_placed": f"{story.supplier.name} · {order.reference}",
            "goods_released": f"{lead.product.name} · {Lot.objects.get().reference}",
        }
    for template, name in named.items():
        assert name in subjects[template]


class TestFindings:
    @pytest.fixture
    def found(self, story):
        lead = offer_with_many_findings(story)
        codes = sorted(rule.code for rule in OFFER_RULES if "%(" not in str(rule.message))[:3]
        record_findings(
            lead, [FindingData(code=code, severity="block") for code in codes], at=AT, only=frozenset(codes)
        )
        blocking = list(Finding.objects.filter(lead=lead, severity="block", status="open").order_by("pk"))
        return lead, blocking

    def test_one_email_lists_every_blocking_finding_of_an_offer(self, story, found):
        lead, blocking = found
        assert len(blocking) >= 3
        plan_messages(AT)
        mails = Message.objects.filter(thing_label="procurement.finding", recipient=story.second_officer.user)
        (mail,) = mails
        assert lead.reference in mail.body
        assert str(lead.supplier) in mail.body
        told = [one for one in blocking if finding_sentence(one.code, one.figures) in mail.body]
        assert told == [one for one in blocking if notification_count(one)]

    def test_finding_answer_page_shows_the_finding_with_offer_and_company(self, story, found):
        lead, blocking = found
        browser = Client()
        browser.force_login(story.officer.user)
        for one in blocking:
            for verb in ("answer", "uphold"):
                page = browser.get(f"/findings/{one.reference}/{verb}/").content.decode()
                assert lead.reference in page
                assert str(lead.supplier) in page
                assert finding_sentence(one.code, one.figures)[:20] in page


def notification_count(finding) -> int:
    return Notification.objects.about(finding).count()


class TestComments:
    def told(self, thing) -> set:
        entry = Entry.objects.about(thing).filter(verb="comment").order_by("-pk").first()
        return {one.recipient for one in build_notifications_for_entry(entry, AT).notices}

    def test_earlier_commenters_are_notified_of_a_new_comment_but_not_its_author(self, story):
        need = story.line().supply_request
        add_comment(need, "Which size?", by=story.logistics.by, at=AT, language="en")
        add_comment(need, "Large.", by=story.second_officer.by, at=AT, language="en")
        assert self.told(need) == {story.officer.user, story.logistics.user}

    def test_comment_by_the_officer_on_their_own_need_reaches_the_other_officers(self, story):
        need = story.line().supply_request
        other = story.second_officer.user
        add_comment(need, "Please look.", by=story.officer.by, at=AT, language="en")
        assert other in self.told(need)

    def test_comment_on_an_order_awaiting_approval_reaches_the_approver(self, story):
        story.limit("1")
        approver = story.approver.user
        order = story.draft()
        submit_order(order, by=story.officer.by, at=AT)
        add_comment(order, "It is urgent.", by=story.officer.by, at=AT, language="en")
        assert self.told(order) == {approver}

    def test_comment_on_an_offer_under_review_reaches_the_verifier(self, story):
        lead = offer_with_many_findings(story)
        verifier = story.verifier.user
        add_comment(lead, "The price fits.", by=story.second_officer.by, at=AT, language="en")
        assert verifier in self.told(lead)
        assert story.second_officer.user not in self.told(lead)

    def test_deactivated_commenter_is_not_notified_of_later_comments(self, story):
        need = story.line().supply_request
        former = story.logistics
        add_comment(need, "Which size?", by=former.by, at=AT, language="en")
        end_role(former.user.memberships.get(), by=CONSOLE_ACTOR, at=AT)
        add_comment(need, "Large.", by=story.second_officer.by, at=AT, language="en")
        assert former.user not in self.told(need)

    def test_comment_by_a_colleague_on_an_inquiry_reaches_its_author(self, story):
        asked = story.asked(story.line())
        add_comment(asked, "They phoned.", by=story.verifier.by, at=AT, language="en")
        assert self.told(asked) == {story.officer.user}
