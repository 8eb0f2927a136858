"""Tests that the start page ("Today") lists every row that waits for its reader, grouped by the reader's calendar.

Each figure counts the rows of the list to which it links.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partners.contacts.models import Contact
from procurement.dashboard import views
from procurement.dashboard.key_figures import key_figures
from procurement.dashboard.todo_items import TodoItem
from procurement.dashboard.views import items_by_day, items_by_task_type, todo_counts, todo_items
from procurement.orders.actions.approve import submit_order
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.sanctions.actions.periodic import rescreen_suppliers
from procurement.sanctions.models import WatchlistMatch
from procurement.suppliers.actions.suppliers import add_supplier
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from tests.browsing import Browser, words
from tests.worlds import cities, watchlists
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Story
from tests.worlds.watchlists import activate_list
from workflow import clock
from workflow.clock import clear_instance_cache, create_instance
from workflow.templatetags.figures import money

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def shown_rows(client, address="/"):
    return re.findall(
        r'<li id="row-[^>]*><div class="what">.*?</li>', client.get(address).content.decode(), re.DOTALL
    )


def test_every_today_row_is_on_one_of_its_pages_and_counted(story, monkeypatch):
    monkeypatch.setattr(views, "ROWS_PER_PAGE", 4)
    for _number in range(9):
        lead = story.lead(story.line(1_000))
        propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    client, waits = client_of(story.officer.user), todo_items(story.officer.by, clock.now())
    assert len(waits) > 8
    counted = todo_counts(story.officer.by)
    assert counted.total() - counted[views.UNREAD_INDEX] == len(waits)
    pages = [
        client.get(f"/?by=day&page={number}").content.decode() for number in range(1, len(waits) // 4 + 2)
    ]
    for row in waits:
        assert any(row.url.split("#")[0] in page for page in pages), row
    first = pages[0]
    assert 'rel="next"' in first
    assert 'rel="next"' not in pages[-1]


def test_first_rows_by_due_date_are_shown_when_a_kind_has_more_than_the_limit(story, monkeypatch):
    for module in ("views", "todo_items"):
        monkeypatch.setattr(f"procurement.dashboard.{module}.MAX_ROWS_PER_KIND", 2)
    asked = [story.asked(story.line(1_000)) for _number in range(3)]
    for days, inquiry in enumerate(reversed(asked)):
        waits = {"reminder_count": MAX_REMINDERS, "due_at": AT + timedelta(days=days)}
        Inquiry.objects.filter(pk=inquiry.pk).update(**waits)
    rows = [row for row in todo_items(story.officer.by, LATER) if row.kind == "inquiries_to_phone"]
    assert [row.reference for row in rows] == [asked[2].reference, asked[1].reference]


def test_today_rows_are_grouped_by_task_with_a_link_to_all(story):
    for _number in range(9):
        lead = story.lead(story.line(1_000))
        propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    groups = items_by_task_type(todo_items(story.officer.by, LATER), LATER)
    assert [(str(group.label), group.row_count, len(group.rows)) for group in groups] == [
        ("Checks to assign", 9, views.MAX_ROWS_OF_GROUP)
    ]
    client = client_of(story.officer.user)
    assert len(shown_rows(client, "/?group=checks_to_assign")) == 9
    assert len(shown_rows(client, "/?group=reports")) == 0


def test_rows_new_since_yesterday_are_the_first_group(story):
    lead = story.lead(story.line(1_000))
    propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    propose_check(lead, "site_visit", needed=False, by=story.officer.by, at=LATER)
    groups = items_by_task_type(todo_items(story.officer.by, LATER), LATER)
    assert [(group.code, group.row_count) for group in groups] == [
        (views.NEW_GROUP, 1),
        ("checks_to_assign", 1),
    ]


def row_due(due):
    return TodoItem("Read report", "Read", "/", "It waits.", due, "XX-1")


@pytest.mark.parametrize("zone", ["America/Vancouver", "Asia/Shanghai", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_today_rows_are_grouped_by_the_readers_local_day_and_week(zone, hour):
    with timezone.override(zone):
        here = timezone.get_current_timezone()
        at = datetime(2020, 4, 16, hour, 30, tzinfo=here)  # a Thursday
        due = {
            "Overdue": at - timedelta(minutes=1),
            "Today": datetime(2020, 4, 16, 23, 59, tzinfo=here),
            "This week": datetime(2020, 4, 17, 0, 1, tzinfo=here),
            "Later": datetime(2020, 4, 20, 0, 1, tzinfo=here),
        }
        found = items_by_day([row_due(when.astimezone(UTC)) for when in due.values()], at.astimezone(UTC))
        assert [str(name) for name, _rows in found] == list(due)
        assert [len(group) for _name, group in found] == [1, 1, 1, 1]
        sunday = row_due(datetime(2020, 4, 19, 22, 0, tzinfo=here))
        assert str(items_by_day([sunday], at)[0][0]) == "This week"


FIGURES = {
    "officer": ["needs?", "orders?", "shipments?"],
    "logistics": ["shipments?", "shipments?"],
    "approver": ["orders?"],
    "observer": ["orders?", "orders?"],
}


def references_on(client, address):
    """Return the references on the list of a figure."""
    html = b"".join(client.get(f"{address}&as=csv").streaming_content).decode()
    return set(re.findall(r"(?:SR|PO|DN|SH)-\d{4}-\d{4}", html))


@pytest.mark.parametrize("who", FIGURES)
def test_each_key_figure_counts_the_rows_of_its_linked_list(story, who):
    need = story.line(100).supply_request
    need.lines.update(runs_out_on=date(2020, 4, 19))
    story.line(200)
    Story("markham").line(300).supply_request.lines.update(runs_out_on=date(2020, 4, 18))
    person = getattr(story, who)
    found = key_figures(person.by, clock.now())
    assert [
        figure.url.strip("/").replace("/?", "?")[: len(want)]
        for figure, want in zip(found, FIGURES[who], strict=True)
    ] == FIGURES[who]
    for figure in found:
        assert len(references_on(client_of(person.user), figure.url)) == figure.number, figure.label
    if who == "officer":
        assert found[0].number == 1, "one need of the city runs out within a week"


def test_coordinator_sees_uncovered_needs_by_city_with_the_largest_first(story):
    story.line(100)
    story.line(200)
    Story("markham").line(300)
    coordinator = cities.member("coordinator", None)
    found = key_figures(powers_for(coordinator), clock.now())
    assert [(str(figure.label), figure.number) for figure in found] == [
        ("Needs not fully covered: Burnaby", 2),
        ("Needs not fully covered: Markham", 1),
    ]
    for figure in found:
        assert len(references_on(client_of(coordinator), figure.url)) == figure.number


def test_approver_sees_the_total_awaiting_approval(story):
    story.limit("1")
    order = story.draft(story.promise(currency="CAD"))
    submit_order(order, by=story.officer.by, at=AT)
    (figure,) = key_figures(story.approver.by, clock.now())
    order.refresh_from_db()
    assert (figure.number, figure.amount) == (1, money(order.total_in_city_currency, "CAD"))


def test_coordinator_sees_tasks_waiting_for_others(story):
    lead = story.lead(story.line(1_000))
    task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    page = client_of(cities.member("coordinator")).get("/").content.decode()
    assert task.reference in page


def test_watchlist_matches_of_one_company_and_entry_are_one_row_with_one_answer(story):
    company = add_supplier(
        legal_name_local=watchlists.LISTED_NAME,
        name_en=watchlists.LISTED_NAME.replace("Co., Ltd.", "Company"),
        country="CN",
        role="maker",
        place=cities.city("zhongshan"),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    rescreen_suppliers(AT)
    activate_list(watchlists.LISTED_NAME)
    matches = WatchlistMatch.objects.filter(supplier=company).order_by("pk")
    assert len(matches) == 2
    for person, verb, status in (
        (story.verifier, "propose_dismissal", "dismissal_proposed"),
        (story.second_officer, "dismiss", "dismissed"),
    ):
        client = client_of(person.user)
        assert len([row for row in shown_rows(client) if "LM-" in row]) == 1
        page = client.get(matches[0].get_absolute_url()).content.decode()
        assert matches[1].get_absolute_url() in page
        answer = {"reason": "Another address and another owner."}
        assert client.post(f"{matches[0].get_absolute_url()}{verb}/", answer).status_code == 303
        assert [one.status for one in matches.all()] == [status, status]
        assert not [row for row in shown_rows(client) if "LM-" in row]


def test_tasks_waiting_for_others_are_all_listed_and_counted(story):
    Contact.objects.filter(pk=story.contact.pk).update(task_limit=50)
    for _number in range(12):
        story.asked(story.line(1_000))
    Inquiry.objects.update(subject_own="Masks")
    page = Browser(story.officer.user).open("/")
    (fold,) = page.main.xpath(".//details[summary[contains(., 'Waiting for others')]]")
    assert fold.xpath(".//*[@class='count']")[0].text == "12"
    assert len(fold.xpath("./ul/li")) == 12
    assert "Answer from Li Wei, Zhongshan: Masks" in page
    assert "口罩" not in words(fold)
