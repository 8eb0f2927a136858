"""Every page x every actor x own and foreign things, compared with the table; and no page shows another city's canary."""

from django.test import TestCase
from django.urls import get_resolver, reverse

from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.rights.cast import CANARIES, People, play
from tests.rights.table import ELSEWHERE, EVERYONE, EXTERNAL, LISTS, MOVES, PAGES
from workflow import clock

GOT = (200, 302, 303)


def names(resolver=None):
    """The name of every address of the product."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "app_name", "") != "admin":
                yield from names(pattern)
        elif pattern.name:
            yield pattern.name


def address(name, thing):
    """The address of a page about a thing."""
    return reverse(name, args=[getattr(thing, "reference", "") or thing.pk])


class EveryPage(TestCase):
    @classmethod
    def setUpTestData(cls):
        clock.forget()
        clock.create_instance("practice", AT)
        here, there = Voyage("burnaby"), Voyage("markham")
        cls.things = {"own": play(here, CANARIES["burnaby"]), "foreign": play(there, CANARIES["markham"])}
        cls.people = People(here, there)

    def setUp(self):
        clock.forget()

    def test_every_address_has_a_row_or_a_reason(self):
        elsewhere = {name for group in ELSEWHERE for name in group.split()}
        listed = set(PAGES) | LISTS | elsewhere
        missing = {name for name in names() if name not in listed and not name.startswith(EXTERNAL)}
        self.assertEqual(missing, set())

    def test_who_gets_each_page(self):
        wrong = []
        for name, page in PAGES.items():
            url = address(name, self.things["own"][page.thing])
            for who in sorted(EVERYONE):
                status = self.people.clients[who].get(url).status_code
                expected = GOT if who in page.sees else (403,) if who in page.barred else (404,)
                if status not in expected:
                    wrong.append((name, who, status, expected))
            answer = self.people.clients["anonymous"].get(url)
            if answer.status_code != 302 or "/accounts/login/" not in answer["Location"]:
                wrong.append((name, "anonymous", answer.status_code))
        self.assertEqual(wrong, [])

    def test_who_may_make_each_move(self):
        wrong = []
        for (thing, verb), may in MOVES.items():
            row = self.things["own"][thing]
            url = f"{row.get_absolute_url()}{verb}/"
            sees = PAGES[thing].sees
            for who in sorted(EVERYONE - may):
                status = self.people.clients[who].post(url, {}).status_code
                expected = 403 if who in sees else 404
                if status != expected:
                    wrong.append((thing, verb, who, status, expected))
            if self.people.clients["anonymous"].post(url, {}).status_code != 302:
                wrong.append((thing, verb, "anonymous"))
            for who in sorted(may):
                status = self.people.clients[who].get(url).status_code
                if status in (403, 404):
                    wrong.append((thing, verb, who, status, "may"))
        self.assertEqual(wrong, [])

    def test_a_foreign_thing_is_as_if_it_did_not_exist(self):
        client = self.people.clients["own officer"]
        for name, page in PAGES.items():
            if page.thing == "supplier":
                continue
            foreign = client.get(address(name, self.things["foreign"][page.thing]))
            nowhere = client.get(address_of_nothing(name, self.things["own"][page.thing]))
            self.assertEqual((foreign.status_code, nowhere.status_code), (404, 404), name)

    def test_lists_show_everybody_only_what_is_theirs(self):
        for name in LISTS:
            for who in sorted(EVERYONE):
                answer = self.people.clients[who].get(reverse(name))
                self.assertIn(answer.status_code, GOT, (name, who))
                self.assertNotIn(self.foreign_canary(who), answer.content.decode(), (name, who))
            self.assertEqual(self.people.clients["anonymous"].get(reverse(name)).status_code, 302, name)

    def test_no_page_shows_another_citys_canary(self):
        for name, page in PAGES.items():
            for who in sorted(page.sees - {"coordinator"}):  # who oversees every city reads what each asks
                for whose in ("own", "foreign"):
                    answer = self.people.clients[who].get(address(name, self.things[whose][page.thing]))
                    if answer.status_code == 200:
                        self.assertNotIn(
                            self.foreign_canary(who), answer.content.decode(), (name, who, whose)
                        )

    def test_what_is_said_and_brought_needs_the_thing(self):
        for who, whose, expected in (
            ("own officer", "own", 303),
            ("own observer", "own", 403),
            ("foreign officer", "own", 404),
            ("coordinator", "own", 404),
        ):
            url = reverse("say", args=["supplierlead", self.things[whose]["lead"].pk])
            answer = self.people.clients[who].post(url, {"text": "hello"})
            self.assertEqual(answer.status_code, expected, who)

    def foreign_canary(self, who):
        return CANARIES["burnaby"] if who.startswith("foreign") else CANARIES["markham"]


def address_of_nothing(name, thing):
    """The same page about a thing that does not exist."""
    return reverse(name, args=["XX-2020-9999" if getattr(thing, "reference", "") else 999_999_999])
