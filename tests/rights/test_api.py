"""Every operation of the API x tokens of both cities: no token 401, the wrong scope 403, a foreign thing 404, and no foreign canary."""

import json

from django.test import Client, TestCase
from django.urls import get_resolver, reverse

from tests.procurement.api.program import ROOT
from tests.procurement.shipments.play import Voyage
from tests.rights.cast import CANARIES, People, play
from workflow import clock
from workflow.doors.api import plans

PUBLIC = {
    "api": "a list of the collections, the same for everybody",
    "api-docs": "how to use the API; no data",
    "api-docs-chapter": "the same",
    "api-schema": "the schema; no data",
    "api-nowhere": "says 404 to everybody",
}
# Whose thing stands in the address: the collection, the name it has in the cast, and how it is named there.
OWNED = {
    "supply-requests": "need",
    "inquiries": "inquiry",
    "supplier-leads": "lead",
    "findings": "finding",
    "verification-tasks": "check",
    "reports": "report",
    "allocations": "allocation",
    "orders": "order",
    "payments": "payment",
    "shipments": "shipment",
    "milestones": "milestone",
    "customs-lanes": "lane",
    "customs-holds": "hold",
    "customs-papers": "paper",
    "receipts": "receipt",
    "lots": "lot",
    "comments": "comment",
}
SHARED = frozenset(
    {
        "cities",
        "twinnings",
        "exchanges",
        "organisations",
        "contacts",
        "products",
        "standards",
        "certificate-kinds",
        "notified-bodies",
        "suppliers",
        "certificates",
        "bank-accounts",
    }
)
MADE_OF_OTHERS = frozenset({"tracking-events", "declarations", "inspections", "files", "entries"})


def operations():
    """Every address of the API: its name and its path below /api/v1/."""
    (root,) = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "api/v1/"]
    yield from below(root, "")


def below(resolver, before):
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from below(pattern, path)
        else:
            yield pattern.name, path


def named(thing):
    return getattr(thing, "reference", "") or str(thing.pk)


class EveryOperation(TestCase):
    @classmethod
    def setUpTestData(cls):
        clock.forget()
        here, there = Voyage("burnaby"), Voyage("markham")
        cls.things = {"own": play(here, CANARIES["burnaby"]), "foreign": play(there, CANARIES["markham"])}
        cls.people = People(here, there)

    def setUp(self):
        clock.forget()
        plans.forget()

    def test_every_collection_has_a_row_or_a_reason(self):
        collections = {pattern.split("/")[0] for name, pattern in operations() if name not in PUBLIC}
        self.assertEqual(collections - set(OWNED) - SHARED - MADE_OF_OTHERS, set())

    def test_without_a_token_nothing_is_told(self):
        client = Client()
        for name, pattern in operations():
            if name in PUBLIC:
                continue
            path = ROOT + self.filled(pattern, "own")
            self.assertEqual(client.get(path).status_code, 401, path)
            self.assertEqual(client.post(path, {}, content_type="application/json").status_code, 401, path)

    def test_a_token_for_reading_changes_nothing(self):
        program = self.people.programs["own officer, reading only"]
        for name, pattern in operations():
            if name in PUBLIC or not self.is_move(pattern):
                continue
            path = self.filled(pattern, "own")
            self.assertEqual(program.ask("post", path, {}).status_code, 403, path)

    def test_a_foreign_thing_answers_like_one_that_does_not_exist(self):
        program = self.people.programs["own officer"]
        for _name, pattern in operations():
            collection = pattern.split("/")[0]
            if collection not in OWNED or "<" not in pattern:
                continue
            method = "post" if self.is_move(pattern) else "get"
            path = self.filled(pattern, "foreign")
            self.assertEqual(
                program.ask(method, path, {} if method == "post" else None).status_code, 404, path
            )

    def test_an_own_thing_is_told_to_those_who_read_the_citys_own(self):
        for role in ("administrator", "officer", "approver", "verifier", "logistics", "observer"):
            for collection, thing in OWNED.items():
                path = f"{collection}/{named(self.things['own'][thing])}/"
                self.assertEqual(
                    self.people.programs[f"own {role}"].ask("get", path).status_code, 200, (role, path)
                )

    def test_an_observer_may_make_no_move(self):
        program = self.people.programs["own observer"]
        for _name, pattern in operations():
            if pattern.split("/")[0] in OWNED and self.is_move(pattern):
                path = self.filled(pattern, "own")
                self.assertIn(program.ask("post", path, {}).status_code, (403, 422), path)

    def test_no_list_and_no_thing_shows_a_foreign_canary(self):
        for who, program in self.people.programs.items():
            if who == "coordinator" or "," in who:
                continue
            canary = CANARIES["burnaby"] if who.startswith("foreign") else CANARIES["markham"]
            for name, pattern in operations():
                if name in PUBLIC or "<" in pattern:
                    continue
                answer = program.ask("get", pattern)
                self.assertEqual(answer.status_code, 200, (who, pattern))
                self.assertNotIn(canary, json.dumps(answer.json(), ensure_ascii=False), (who, pattern))

    def test_the_public_answers_hold_no_data(self):
        for name in ("api", "api-docs", "api-schema"):
            text = Client().get(reverse(name)).content.decode()
            for canary in CANARIES.values():
                self.assertNotIn(canary, text)

    def is_move(self, pattern):
        return ">/" in pattern and not pattern.endswith(">/")

    def filled(self, pattern, whose):
        """An address with the thing of one city in it; something that exists nowhere, where the cast has none."""
        collection = pattern.split("/")[0]
        if "<" not in pattern:
            return pattern
        thing = self.things[whose].by_name.get(OWNED.get(collection, ""))
        before, after = pattern.index("<"), pattern.index(">") + 1
        kind = pattern[before:after]
        nothing = "999999" if "int" in kind else "XX-2020-9999" if "reference" in kind else "nothing"
        return pattern[:before] + (named(thing) if thing is not None else nothing) + pattern[after:]
