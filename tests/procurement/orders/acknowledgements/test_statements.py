"""Test that the page behind a purchase order's link takes no more statements for more lines."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.generated_documents.actions import generate_due_purchase_orders
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from tests.browsing import Browser
from tests.worlds.acknowledgements import SellingOffice, link_to_order
from tests.worlds.generated_documents import BOXES
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


def statements_of_page(office: SellingOffice, lines: int) -> int:
    """Return the number of statements of the page for an order with some lines."""
    promised = [office.promise(2_000 + number, model="KH-2020", **BOXES) for number in range(lines)]
    order = office.placed(*promised)
    generate_due_purchase_orders(AT)
    sent = OrderAcknowledgement.objects.get(order=order)
    client = Browser(language="en").open(link_to_order(sent).url).press("Continue").browser.client
    address = reverse("portal_order", args=[sent.reference])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_page_of_an_order_takes_as_many_statements_for_six_lines_as_for_two(office: SellingOffice) -> None:
    office.introduce()
    office.register()
    office.give_email()
    assert statements_of_page(office, 6) == statements_of_page(office, 2)
