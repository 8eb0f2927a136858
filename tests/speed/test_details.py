"""Every page about one object and every detail of the API stays within its budget of SQL statements."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.permissions.permissions import permissions_of
from procurement.shared_api.all_collections import COLLECTIONS
from tests.procurement.api.program import Program
from tests.speed import budgets
from tests.speed.signed_in_client import signed_in
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.pages import PAGES
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache, create_instance


class EveryDetail(TestCase):
    maxDiff = None

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
        cls.things = cls.story.play(whole=True)
        cls.reader = signed_in(cls.story.officer.user)

    def setUp(self):
        clear_instance_cache()
        sql_cache.clear_cache()

    def taken(self, get, path):
        get(path)
        with CaptureQueriesContext(connection) as queries:
            get(path)
        return len(queries)

    def page(self, path):
        answer = self.reader.get(path)
        self.assertIn(answer.status_code, (200, 302), path)

    def test_every_detail_page_stays_within_query_budget(self):
        taken = {
            name: self.taken(self.page, reverse(name, args=[key(self.things[thing])]))
            for name, thing in PAGES.items()
        }
        self.assertEqual(set(budgets.PAGES), set(taken))
        self.assertEqual(
            {name: most for name, most in taken.items() if most > budgets.PAGES[name]}, {}, taken
        )

    def test_every_api_detail_stays_within_query_budget(self):
        taken = {}
        for one in COLLECTIONS:
            who = self.story.administrator if one.path in budgets.FOR_ADMINISTRATORS else self.story.officer
            by = permissions_of(who.user, via="token")
            thing = one.model._default_manager.visible_to(by).order_by("pk")[0]
            path = f"{one.path}/{getattr(thing, one.lookup_field)}/"
            taken[one.path] = self.taken(Program(who.user).get, path)
        over = {path: many for path, many in taken.items() if many > budgets.API.get(path, 0)}
        self.assertEqual(over, {})
        self.assertEqual(set(budgets.API), set(taken))

    @pytest.mark.every_way
    def test_no_query_budget_exceeds_actual_count_by_more_than_two(self):
        """A budget that is too high hides the next statement."""
        for name, most in budgets.PAGES.items():
            taken = self.taken(self.page, reverse(name, args=[key(self.things[PAGES[name]])]))
            self.assertLessEqual(most, taken + 2, name)


def key(thing):
    return getattr(thing, "reference", "") or thing.pk
