"""No list on pages or in the API needs more SQL statements for twenty rows than for one."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.corrections.models import Correction
from procurement.allocations.models import Allocation
from procurement.allocations.plans.models import AllocationPlan
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Lot
from procurement.receiving.models import Discrepancy
from procurement.requests.models import SupplyRequest
from procurement.requests.unwanted_goods.models import UnwantedGoods
from procurement.shared_api.all_collections import COLLECTIONS
from procurement.shipments.models import Shipment
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from procurement.thanks.models import ThankYou
from procurement.verification.models import VerificationTask
from procurement.webhooks.models import WebhookEndpoint
from tests.procurement.api.program import Program
from tests.rights.pages_table import HOMES
from tests.speed import budgets
from tests.speed.copied_rows import COPIES, copy_twenty_times
from tests.speed.signed_in_client import signed_in
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache, create_instance
from workflow.outbox.models import Notification

# The lists among the pages, with the model of each; the other HOMES of the table are forms and overviews.
LISTED = {
    "needs": SupplyRequest,
    "inquiries": Inquiry,
    "contacts": Contact,
    "leads": SupplierLead,
    "checks": VerificationTask,
    "allocations": Allocation,
    "orders": Order,
    "allocation_plans": AllocationPlan,
    "payments": Payment,
    "shipments": Shipment,
    "suppliers": Supplier,
    "interests": InterestDeclaration,
    "cities": City,
    "corrections": Correction,
    "notifications": Notification,
    "manual_rates": ManualRate,
    "unwanted_goods": UnwantedGoods,
    "letter_templates": LetterTemplate,
    "webhooks": WebhookEndpoint,
    "consents": IntroductionConsent,
    "lots": Lot,
    "discrepancies": Discrepancy,
    "relief_claims": ReliefClaim,
    "thank_yous": ThankYou,
}
OVERVIEWS = ("today", "network", "untapped", "order_figures")  # also take no more statements for more rows
MAX_STATEMENTS = {"page": 8, "API": 4}  # statements of a list
NAMING = {
    "notifications",
    "supplier-changes",
}  # these also read their objects, with one statement for each kind of object


class EveryList(TestCase):
    @classmethod
    def setUpClass(cls):
        # A session is saved once a minute; on a slow machine that would fall into a counted answer.
        cls.enterClassContext(patch("accounts.middleware.SESSION_SAVE_INTERVAL", timedelta(days=1)))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        clear_instance_cache()
        create_instance("practice", AT)
        cls.story = PlayedCity(whole_catalogue=True)
        cls.story.play(whole=True)
        cls.program = Program(cls.story.officer.user)
        cls.reader = signed_in(cls.story.officer.user)
        cls.administrators_program = Program(cls.story.administrator.user)
        cls.administrator = signed_in(cls.story.administrator.user)

    def setUp(self):
        clear_instance_cache()
        sql_cache.clear_cache()

    def asked(self, get, path):
        """Return the number of statements of a second request, after the caches of the process are filled."""
        get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = get(path)
        return len(queries), answer

    def of_pages(self):
        addresses = {name: reverse(name) for name in (*LISTED, *OVERVIEWS)}
        addresses["partner cities"], addresses["cities"] = addresses["cities"], f"{addresses['cities']}?all=1"
        addresses["search"] = f"{reverse('search')}?q=words"
        return {
            name: self.asked(self.reader_of(name, self.reader, self.administrator).get, address)
            for name, address in addresses.items()
        }

    def of_collections(self):
        return {
            one.path: self.asked(
                self.reader_of(one.path, self.program, self.administrators_program).get,
                f"{one.path}/?page_size=50",
            )
            for one in COLLECTIONS
        }

    @staticmethod
    def reader_of(name, officer, administrator):
        return administrator if name in budgets.FOR_ADMINISTRATORS else officer

    def test_list_pages_need_same_number_of_queries_for_twenty_more_rows(self):
        before = self.of_pages()
        for model in LISTED.values():
            copy_twenty_times(model)
        after = self.of_pages()
        for name in LISTED:
            self.assertGreater(len(after[name][1].content), len(before[name][1].content) + COPIES * 50, name)
            self.assertLessEqual(after[name][0], MAX_STATEMENTS["page"], name)
        self.assertEqual(counts_by_name(after), counts_by_name(before))

    def test_api_lists_need_same_number_of_queries_for_twenty_more_rows(self):
        before = self.of_collections()
        for one in COLLECTIONS:
            copy_twenty_times(one.model)
        after = self.of_collections()
        for path, (_count, told) in after.items():
            self.assertGreater(len(told["results"]), COPIES, path)
        for path in NAMING:
            (few, told_before), (many, told) = before.pop(path), after.pop(path)
            self.assertLessEqual(many, MAX_STATEMENTS["API"] + len(kinds_in(told)), path)
            self.assertLessEqual(many - few, len(kinds_in(told) - kinds_in(told_before)), path)
        self.assertEqual(counts_by_name(after), counts_by_name(before))
        self.assertEqual(
            {path: many for path, many in counts_by_name(after).items() if many > MAX_STATEMENTS["API"]}, {}
        )

    def test_every_list_page_is_measured_for_queries(self):
        others = {
            "today", "network", "untapped", "search", "register_files", "upload_watchlist", "outbox", "account", "calendar",
            "notification_preferences", "api_tokens", "usersessions_list",
            "add_supplier", "add_lead", "add_manual_rate", "add_order", "plan_shipment", "add_need", "compare_leads",
            "add_allocation_plan", "compare_allocation_plans", "add_unwanted_goods",
            "import_tracking", "add_customs_rule", "add_duty_relief", "help_first_run", "order_figures",
            "add_city", "site_settings",
        }  # fmt: skip
        self.assertEqual(set(LISTED) | others, set(HOMES))

    @pytest.mark.every_way
    def test_list_with_query_per_row_is_detected(self):
        """Negative control: a page that queries the author of each row."""

        def naive(path):
            rows = SupplyRequest.objects.visible_to(self.story.officer.by).order_by("-pk")
            return [str(need.author) for need in rows[:50]]

        few, _answer = self.asked(naive, "")
        copy_twenty_times(SupplyRequest)
        many, _answer = self.asked(naive, "")
        self.assertEqual(many, few + COPIES)


def kinds_in(told):
    """Return the kinds of objects that the rows of a collection name."""
    return {str(row["about"]).partition("/")[0] for row in told["results"]}


def counts_by_name(asked):
    return {name: count for name, (count, _answer) in asked.items()}
