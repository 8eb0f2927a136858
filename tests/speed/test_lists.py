"""No list asks the database more often for twenty rows than for one, on pages and in the API."""

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models.cities import City
from partners.models.corrections import Correction
from procurement.allocations.models import Allocation
from procurement.api.records import COLLECTIONS
from procurement.leads.models.offer import SupplierLead
from procurement.leads.models.rate import EnteredRate
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.thanks import ThanksPack
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest
from procurement.verification.models.checks import VerificationTask
from tests.procurement.api.program import Program
from tests.procurement.story import AT
from tests.rights.pages_table import HOMES
from tests.speed.many import MORE, twenty_more
from tests.speed.world import full
from workflow import clock
from workflow.clock import create_instance
from workflow.doors.api import plans
from workflow.models.bell import InAppNotice

# The lists among the pages, and what each lists; the rest of the table's HOMES are forms and homes.
LISTED = {
    "needs": SupplyRequest,
    "inquiries": Inquiry,
    "leads": SupplierLead,
    "checks": VerificationTask,
    "allocations": Allocation,
    "orders": Order,
    "payments": Payment,
    "shipments": Shipment,
    "suppliers": Supplier,
    "interests": Interest,
    "cities": City,
    "corrections": Correction,
    "notices": InAppNotice,
    "rates": EnteredRate,
    "lots": Lot,
    "difference_cases": DifferenceCase,
    "relief_claims": ReliefClaim,
    "thanks_packs": ThanksPack,
}
MOST = {"page": 9, "API": 4}  # statements of any list
NAMING = {
    "entries",
    "comments",
    "notices",
    "company-changes",
}  # these name their things besides, with one statement for each kind of thing


class EveryList(TestCase):
    @classmethod
    def setUpTestData(cls):
        clock.forget()
        create_instance("practice", AT)
        cls.story, _things = full()
        cls.program = Program(cls.story.officer.user)
        cls.reader = Client()
        cls.reader.force_login(cls.story.officer.user)

    def setUp(self):
        clock.forget()
        plans.forget()

    def asked(self, get, path):
        """How many statements the second request takes, when what a process learns once is known."""
        get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = get(path)
        return len(queries), answer

    def of_pages(self):
        return {
            name: self.asked(self.reader.get, reverse(name))
            for name in (*LISTED, "today", "network", "untapped")
        }

    def of_collections(self):
        return {one.path: self.asked(self.program.get, f"{one.path}/?page_size=50") for one in COLLECTIONS}

    def test_every_page_takes_as_many_statements_for_twenty_rows_more(self):
        before = self.of_pages()
        for model in LISTED.values():
            twenty_more(model)
        after = self.of_pages()
        for name in LISTED:
            self.assertGreater(len(after[name][1].content), len(before[name][1].content) + MORE * 50, name)
            self.assertLessEqual(after[name][0], MOST["page"], name)
        self.assertEqual(counts(after), counts(before))

    def test_every_collection_takes_as_many_statements_for_twenty_rows_more(self):
        before = self.of_collections()
        for one in COLLECTIONS:
            twenty_more(one.model)
        after = self.of_collections()
        for path, (_count, told) in after.items():
            self.assertGreater(len(told["results"]), MORE, path)
        for path in NAMING:
            told = [str(row["about"]).partition("/")[0] for row in after[path][1]["results"]]
            self.assertLessEqual(after.pop(path)[0], MOST["API"] + len(set(told)), path)
            before.pop(path)
        self.assertEqual(counts(after), counts(before))
        self.assertEqual({path: many for path, many in counts(after).items() if many > MOST["API"]}, {})

    def test_every_list_among_the_pages_is_measured(self):
        others = {
            "today", "network", "untapped", "register_files", "upload_list", "outbox", "account", "calendar", "notice_choices",
            "api_tokens", "usersessions_list",
            "enter_supplier", "enter_lead", "enter_rate", "write_order", "plan_shipment", "post_need", "compare_leads",
            "tracking_file", "add_customs_rule", "add_duty_relief",
        }  # fmt: skip
        self.assertEqual(set(LISTED) | others, set(HOMES))

    @pytest.mark.every_way
    def test_a_list_that_asks_for_each_row_would_be_seen(self):
        """The negative control: a page that names the author of each of its rows."""

        def naive(path):
            rows = SupplyRequest.objects.visible_to(self.story.officer.by).order_by("-pk")
            return [str(need.author) for need in rows[:50]]

        few, _answer = self.asked(naive, "")
        twenty_more(SupplyRequest)
        many, _answer = self.asked(naive, "")
        self.assertEqual(many, few + MORE)


def counts(asked):
    return {name: count for name, (count, _answer) in asked.items()}
