"""Placed orders whose supplier answers by link."""

from datetime import date
from typing import Any

from accounts.actions.links import IssuedLink, issue_link
from accounts.actors import CONSOLE_ACTOR
from procurement.generated_documents.actions import generate_document
from procurement.orders.acknowledgements.actions.answers import confirm_by_link, decline_order, propose_terms
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import terms_version
from procurement.orders.acknowledgements.rules import SellerActor
from procurement.orders.models import Order
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds.generated_documents import Office
from tests.worlds.need_to_order import AT, Person
from workflow.clock import real_now

SUPPLIER_EMAIL = "orders@kanghu.example"


class SellingOffice(Office):
    """Example purchase whose supplier has an email address, so that placed orders are sent to it."""

    def give_email(self, email: str = SUPPLIER_EMAIL) -> None:
        """Enter the supplier's email address, or take it out."""
        correct_supplier(self.supplier, SupplierEdit(email=email), by=self.officer.by, at=AT)

    def sent_order(self, quantity: int = 10_000, **facts: object) -> OrderAcknowledgement:
        """Return the acknowledgement of a placed order that the periodic job has sent to its supplier."""
        self.introduce()
        self.register()
        self.give_email()
        return OrderAcknowledgement.objects.select_related("order").get(
            order=self.placed_order(quantity, **facts)
        )

    def unsent_order(self, quantity: int = 10_000, **facts: object) -> OrderAcknowledgement:
        """Return the acknowledgement of a placed order whose supplier has no known address."""
        self.introduce()
        self.register()
        return OrderAcknowledgement.objects.select_related("order").get(
            order=self.placed_order(quantity, **facts)
        )


def generate_purchase_order(order: Order, officer: Person) -> None:
    """Generate the purchase order of a placed order, as an officer. The company must be registered."""
    generate_document(
        "purchase_order", language_pair="zh-en", author=officer.user, by=officer.by, at=AT, order=order
    )


def answer_facts(acknowledgement: OrderAcknowledgement, **facts: Any) -> dict[str, Any]:
    """Return the arguments of an answer to the page as it is now, by the supplier."""
    order = Order.objects.get(pk=acknowledgement.order_id)
    fresh = OrderAcknowledgement.objects.get(pk=acknowledgement.pk)
    fresh.order = order
    return {
        "answered_by_name": "Chen Min",
        "seen_version": terms_version(fresh),
        "by": SellerActor(fresh, fresh.person_id),
        "at": AT,
        **facts,
    }


def confirm(acknowledgement: OrderAcknowledgement, **facts: Any) -> OrderAcknowledgement:
    """Let the supplier confirm the order for 28 April."""
    return confirm_by_link(
        acknowledgement, **answer_facts(acknowledgement, **{"delivery_on": date(2020, 4, 28), **facts})
    )


def propose(acknowledgement: OrderAcknowledgement, **facts: Any) -> OrderAcknowledgement:
    """Let the supplier propose other terms: another date unless `facts` say otherwise."""
    given = {"delivery_on": date(2020, 6, 12), "reason": "The line stands until May.", **facts}
    return propose_terms(acknowledgement, **answer_facts(acknowledgement, **given))


def decline(acknowledgement: OrderAcknowledgement, **facts: Any) -> OrderAcknowledgement:
    """Let the supplier decline the order."""
    return decline_order(
        acknowledgement, **answer_facts(acknowledgement, **{"reason": "No meltblown.", **facts})
    )


def link_to_order(acknowledgement: OrderAcknowledgement, user: Any = None, **facts: Any) -> IssuedLink:
    """Return a link to the order, as a message holds it; `user` is another holder."""
    return issue_link(
        user or acknowledgement.person,
        purpose="answer",
        thing_label="procurement.orderacknowledgement",
        thing_id=acknowledgement.pk,
        city_id=acknowledgement.city_id,
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=real_now(),
        **facts,
    )
