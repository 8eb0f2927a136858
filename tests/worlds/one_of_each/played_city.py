"""City with one object of each kind, made by actions.

Every text of an object holds its marker. The tests of rights search each answer for the markers of two such cities;
the tests of pages, speed and lists need the content of one.
"""

from typing import Any

from tests.worlds.one_of_each.city_register import play_members, play_register
from tests.worlds.one_of_each.comments import play_comments
from tests.worlds.one_of_each.deliveries import (
    play_distribution,
    play_open_delivery,
    play_receipt,
    play_rejected,
)
from tests.worlds.one_of_each.documents import play_generated_documents, play_submissions
from tests.worlds.one_of_each.inquiries import play_inquiries
from tests.worlds.one_of_each.marked_city import MarkedCity
from tests.worlds.one_of_each.needs import play_needs
from tests.worlds.one_of_each.offers import play_offers
from tests.worlds.one_of_each.orders import play_orders
from tests.worlds.one_of_each.shipments import play_customs, play_private_rows, play_shipment
from tests.worlds.one_of_each.suppliers import play_certificate, play_reliance, play_supplier
from tests.worlds.one_of_each.watchlists import play_watchlist
from tests.worlds.one_of_each.webhooks import play_webhook
from tests.worlds.story_cache import cached_step


class PlayedCity(MarkedCity):
    """City with one object of each kind, by its name in the tables of rights and pages."""

    def play(self, *, whole: bool = False) -> dict[str, Any]:
        """Create the objects from a need to a lot in quarantine, and return them by name.

        `whole` adds what only the officer sees, a delivery of which more is to come, a watchlist, which
        belongs to no city, and another city that relies on the supplier.
        """
        things, marks = self._played(whole)
        self.things.update(things)
        self.marks.things.update(marks)
        return self.things

    @cached_step
    def _played(self, whole: bool) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
        play_needs(self, **({} if whole else self.texts("need", "importer_of_record")))
        play_offers(self)
        if whole:
            play_reliance(self)
        play_supplier(self)
        play_certificate(self)
        play_orders(self)
        if whole:
            play_open_delivery(self)
        play_shipment(self)
        play_customs(self)
        play_receipt(self)
        play_rejected(self)
        play_distribution(self)
        play_inquiries(self)
        play_comments(self)
        play_generated_documents(self)
        play_submissions(self)
        play_register(self)
        play_members(self)
        play_webhook(self)
        if whole:
            play_private_rows(self, self.officer, self.officer)
            play_watchlist(self)
        self.number_all()
        return self.things, self.marks.things
