"""Tests of the number of open rows beside Today in the menu of every page, which one SQL statement counts."""

from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from partners.permissions.permissions import permissions_of
from procurement.dashboard.views import todo_counts, todo_items
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.verification.actions.assignment import cancel_check
from procurement.verification.actions.checks import propose_check
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache, create_instance
from workflow.outbox.in_app_notifications import mark_read

ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def powers_of(user):
    return permissions_of(user, via="session")


class TodayCount(TestCase):
    """Tests with a city in which an item of nearly every kind waits."""

    @classmethod
    def setUpTestData(cls):
        clear_instance_cache()
        create_instance("practice", AT)
        cls.story = story = PlayedCity()
        cls.things = things = story.play(whole=True)
        propose_check(things["lead"], "price_explanation", needed=False, by=story.officer.by, at=AT)
        for thing in (things["inquiry"], things["open check"]):
            type(thing).objects.filter(pk=thing.pk).update(reminder_count=MAX_REMINDERS)
        mark_read(things["notice"], by=story.officer.by, at=AT)
        story.delivered()
        story.gift()

    def setUp(self):
        clear_instance_cache()
        sql_cache.clear_cache()

    def test_busy_city_has_today_rows_of_most_types(self):
        told = {row.reference[:2] for row in todo_items(self.story.officer.by, AT)}
        self.assertLessEqual({"SH", "LT", "VT", "IQ"}, told)
        approver = powers_of(cities.member("approver", self.story.city))
        account = str(self.things["account"])
        told = {row.reference for row in todo_items(approver, AT)} - {account}
        self.assertEqual({reference[:2] for reference in told}, {"DN", "PO"})

    def test_today_count_equals_the_number_of_rows_for_every_role(self):
        for role in ROLES:
            user = self.story.officer.user if role == "officer" else cities.member(role, self.story.city)
            rows = todo_items(powers_of(user), AT)
            self.assertEqual(todo_counts(powers_of(user)).total(), len(rows), role)
            self.assertEqual(bool(rows), role not in ("observer", "broker"), role)

    def test_coordinator_count_includes_calls_and_a_stranger_sees_only_shared_rows(self):
        coordinator = powers_of(cities.member("coordinator", None))
        self.assertEqual(todo_counts(coordinator).total(), 4)
        self.assertEqual(len(todo_items(coordinator, AT)), 4)
        stranger = powers_of(cities.member("officer", cities.city("markham")))
        match = self.things[
            "match"
        ].reference  # a company belongs to no city: an officer of any city may decide on its match
        self.assertEqual([row.reference for row in todo_items(stranger, AT)], [match])
        self.assertEqual(todo_counts(stranger).total(), 1)

    def test_today_count_decreases_when_a_task_is_done(self):
        officer = self.story.officer
        before = todo_counts(powers_of(officer.user)).total()
        task = self.story.city.checks.filter(status="unassigned").first()
        cancel_check(task, reason="not needed", by=officer.by, at=AT)
        self.assertEqual(todo_counts(powers_of(officer.user)).total(), before - 1)

    def test_today_count_takes_one_statement_on_every_page(self):
        client = Client()
        client.force_login(self.story.officer.user)
        client.get("/suppliers/")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/suppliers/").content.decode()
        many = todo_counts(powers_of(self.story.officer.user)).total()
        self.assertIn(f'<span class="count count-now">{many}</span>', html)
        counted = [one for one in queries if "customshold" in one["sql"]]
        self.assertEqual(len(counted), 1)
        self.assertLessEqual(len(queries), 7)

    def test_today_page_queries_only_types_that_have_rows(self):
        client = Client()
        client.force_login(self.story.approver.user)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/").content.decode()
        self.assertIn("DN-2020-", html)
        counted = [one for one in queries if "UNION ALL" in one["sql"] and "procurement_order" in one["sql"]]
        payments = [one for one in queries if 'FROM "procurement_payment"' in one["sql"]]
        self.assertEqual(len(counted), 1)
        holds = [one for one in queries if 'FROM "procurement_customshold"' in one["sql"]]
        self.assertEqual(len(payments), 2, "payments are due: counted and read")
        self.assertIn(holds, ([], counted), "nothing is held, so no hold is looked for")
