"""Tests of lines that are removed after an inquiry about them: what is refused until the inquiry is cancelled, and numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.catalogue.models.products import Product
from procurement.leads.actions.leads import draft_lead
from procurement.orders.queries import quotes_on_record
from procurement.outreach.actions.inquiries import (
    ask_next_contact,
    ask_partner_city,
    give_consent,
    send_inquiry,
)
from procurement.outreach.actions.periodic import allow_other_contacts, send_reminders, update_inquiries
from procurement.outreach.actions.reminders import change_due_time, create_link_to_copy, remind_contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import changed_need_text, letter_drafts
from procurement.outreach.rules.dates import alternates_allowed_at
from procurement.requests.actions.lines import remove_line
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program, problem
from tests.procurement.outreach.test_asked_lines import (
    GLOVE,
    HOUR,
    KN95,
    MASK,
    NAMES,
    drafted,
    fresh,
    need_of,
    sent,
)
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.procurement.portal.by_link import open_link_page, open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to
from tests.worlds.need_to_order import AT, Story
from workflow.clock import real_now

pytestmark = pytest.mark.django_db
REMOVED = "The lines that this inquiry is about have been removed from"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        cities.twinning("zhongshan", "foshan")
        assert story.officer and story.contact and story.supplier
        story.second = cities.contact("zhongshan", "Wang Fang")
        yield story


def removed(story: Any, need: SupplyRequest, *numbers: int) -> None:
    """Remove these lines of a need an hour later."""
    for number in numbers:
        line = need.lines.get(position=number)
        remove_line(line, reason="Found elsewhere.", by=story.officer.by, at=AT + HOUR)


# --- numbers ---
@pytest.mark.parametrize("numbers", [[3], [1, 3]])
def test_line_added_after_a_removed_one_is_not_the_line_asked_about(story: Any, numbers: list[int]) -> None:
    need, officer = need_of(story, MASK, GLOVE, GLOVE), Browser(story.officer.user)
    inquiry = sent(story, need, *numbers)
    last = need.lines.get(position=3)
    officer.open(f"/needs/{need.reference}/lines/{last.pk}/").press("Remove this line", reason="Found.")
    masks = str(Product.objects.get(code=KN95).pk)
    officer.open(f"/needs/{need.reference}/lines/add/").press(
        "Save", product=masks, quantity="8,300", reason="A ward asked."
    )
    added = need.lines.order_by("position").last()
    assert added is not None
    assert (added.product.code, added.position) == (KN95, 4)
    gone = numbers == [3]
    page = open_link_page(fresh(inquiry), language="en")
    assert ("is no longer looking for these goods" in page) is gone
    assert NAMES[KN95] not in page
    assert list(Inquiry.objects.about_removed_lines()) == ([inquiry] if gone else [])
    assert quotes_on_record(story.city.pk, [added.pk]).inquiries_sent == 0
    with assert_refused("line_not_asked", inquiry):
        draft_lead(
            story.city, supplier=story.supplier, product=added.product, line=added, stock_quantity=50,
            inquiry=fresh(inquiry), contact=story.contact, author=story.contact.user,
            by=powers_by_own_link(inquiry), at=AT,
        )  # fmt: skip


# --- until the next periodic job ---
def test_draft_about_removed_lines_cannot_be_sent_on_page_or_api(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    inquiry = drafted(story, need, 2, 3)
    removed(story, need, 2)
    assert "Send" in officer.open(inquiry).buttons, "one of its lines is left"
    removed(story, need, 3)
    page = officer.open(inquiry)
    assert f"{REMOVED} {need.reference}." in page
    assert "Send" not in page.buttons
    refused = problem(Program(story.officer.user).ask("post", f"inquiries/{inquiry.reference}/send/"))
    assert refused["code"] == "not_ready"
    assert REMOVED in refused["detail"]
    with assert_refused("not_ready", inquiry):
        send_inquiry(fresh(inquiry), by=story.officer.by, at=AT + HOUR)
    update_inquiries(AT + HOUR)
    assert fresh(inquiry).status == "cancelled"
    assert quotes_on_record(story.city.pk, [need.lines.get().pk]).inquiries_sent == 0


def test_partner_city_is_neither_asked_nor_consents_once_the_lines_are_removed(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    beyond, through = cities.contact("foshan", "Ou Ting"), cities.city("zhongshan")
    asked = drafted(story, need, 2, to=beyond, through_city=through)
    ask_partner_city(asked, by=story.officer.by, at=AT)
    waiting = fresh(asked)
    assert (waiting.status, waiting.introducer is not None) == ("awaiting_consent", True)
    other = drafted(story, need, 2, to=cities.contact("foshan", "Lu Jun"), through_city=through)
    removed(story, need, 2)
    by = powers_by_link_to(waiting.introducer, waiting)
    page = open_link_page_of(waiting.introducer.user, waiting, language="en")
    assert REMOVED in page
    assert "Agree" not in page.buttons
    assert "Needed now:" not in page
    with assert_refused("not_ready", waiting):
        give_consent(fresh(waiting), by=by, at=AT + HOUR)
    with assert_refused("not_ready", other):
        ask_partner_city(fresh(other), by=story.officer.by, at=AT + HOUR)
    update_inquiries(AT + HOUR)
    assert [fresh(one).status for one in (waiting, other)] == ["cancelled", "cancelled"]


def test_no_reminder_new_due_date_or_copied_link_once_the_lines_are_removed(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE), story.officer
    inquiry, whole = sent(story, need, 2), sent(story, need, to=story.second)
    removed(story, need, 2)
    due = whole.next_reminder_at
    assert inquiry.next_reminder_at <= due
    assert list(Inquiry.objects.reminder_due(due)) == [whole]
    send_reminders(due)
    assert [fresh(one).reminder_count for one in (inquiry, whole)] == [0, 1]
    late = alternates_allowed_at(inquiry.due_at)
    assert list(Inquiry.objects.overdue_for_reply(late)) == [whole]
    with assert_refused("not_ready", inquiry):
        remind_contact(fresh(inquiry), by=officer.by, at=AT + HOUR)
    with assert_refused("not_ready", inquiry):
        change_due_time(fresh(inquiry), due_at=AT + timedelta(days=9), by=officer.by, at=AT + HOUR)
    with assert_refused("not_ready", inquiry):
        create_link_to_copy(
            fresh(inquiry), user=officer.user, by=officer.by, at=AT + HOUR, real_at=real_now()
        )
    inbox = Browser(officer.user).open(f"{need.get_absolute_url()}inbox/")
    assert "Remind Wang Fang" in inbox
    assert f"Remind {story.contact}" not in inbox


def test_consent_reminder_is_not_sent_once_the_lines_are_removed(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    beyond = cities.contact("foshan", "Ou Ting")
    asked = drafted(story, need, 2, to=beyond, through_city=cities.city("zhongshan"))
    waiting = ask_partner_city(asked, by=story.officer.by, at=AT)
    due = waiting.next_reminder_at + timedelta(minutes=1)
    assert list(Inquiry.objects.consent_reminders_due(due)) == [waiting]
    assert list(Inquiry.objects.overdue_consents(waiting.due_at)) == [waiting]
    removed(story, need, 2)
    assert not Inquiry.objects.consent_reminders_due(due).exists()
    assert not Inquiry.objects.overdue_consents(waiting.due_at).exists()


def test_next_contact_is_not_asked_once_the_lines_are_removed(story: Any) -> None:
    need = need_of(story, MASK, GLOVE, KN95)
    inquiry = sent(story, need, 2, 3)
    late = alternates_allowed_at(inquiry.due_at)
    allow_other_contacts(late)
    removed(story, need, 2)
    page = Browser(story.officer.user).open(inquiry)
    assert "Ask Wang Fang" in page.buttons, "one of its lines is left"
    removed(story, need, 3)
    page = Browser(story.officer.user).open(inquiry)
    assert "Ask Wang Fang" not in page.buttons
    assert REMOVED in page
    words = letter_drafts(need, story.second, story.officer.user, AT.date())
    with assert_refused("not_ready", inquiry):
        ask_next_contact(
            fresh(inquiry), story.second, author=story.officer.user, by=story.officer.by, at=late, **words
        )
    body = {"to": story.second.pk}
    refused = Program(story.officer.user).refused(f"inquiries/{inquiry.reference}/ask-next/", body)
    assert refused["code"] == "not_ready"


def test_contact_who_did_not_reply_hears_nothing_of_the_removal_of_the_lines(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    inquiry, whole = sent(story, need, 2), sent(story, need, to=story.second)
    Inquiry.objects.filter(pk__in=[inquiry.pk, whole.pk]).update(status="no_reply")
    removed(story, need, 2)
    assert list(Inquiry.objects.with_unannounced_changes({}, AT + 2 * HOUR)) == [whole]
    assert changed_need_text(fresh(inquiry)) == ""


def test_phone_reply_is_recorded_without_a_line_once_the_lines_are_removed(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    inquiry = sent(story, need, 2)
    removed(story, need, 2)
    form = officer.open(f"{inquiry.get_absolute_url()}record_phone_reply/")
    assert form.form("Record phone reply").choices("line") == {"not stated": ""}
    form.press("Record phone reply", remark="They have 40 boxes.", has_something="on")
    assert fresh(inquiry).status == "answered"
    assert "is no longer looking for these goods" in officer.open(f"{inquiry.get_absolute_url()}offer/")


def test_queries_of_lists_do_not_grow_with_inquiries_about_removed_lines(story: Any) -> None:
    officer = Browser(story.officer.user)

    def queries(address: str) -> int:
        officer.open(address)
        with CaptureQueriesContext(connection) as caught:
            officer.open(address)
        return len(caught)

    def queries_with(*names: str) -> tuple[int, int]:
        """Return the queries of the list and of the overview of a need, with one inquiry and one draft for each name."""
        need = need_of(story, MASK, GLOVE, KN95)
        for name in names:
            sent(story, need, 2, 3, to=cities.contact("zhongshan", name), chosen_because="Knows them.")
            other = cities.contact("zhongshan", f"{name} the second")
            drafted(story, need, 3, to=other, chosen_because="Knows them.")
        removed(story, need, 2, 3)
        return queries(reverse("inquiries")), queries(f"{need.get_absolute_url()}inbox/")

    assert queries_with("Mei Lan") == queries_with("Xu Jun", "Gao Yi", "Tan Hua")
