"""One lead is bought, one is given: promised to the need, decided on by the right people, placed, confirmed and paid."""

from decimal import Decimal

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.management.scenario.stage import Stage
from procurement.orders.actions import deciding, ending, making, payments
from procurement.orders.actions.making import use_account
from procurement.orders.actions.memos import make_memo
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.suppliers.actions.accounts import confirm_account, propose_account
from workflow.actions import comment

BOUGHT, GIVEN, MORE = 100_000, 20_000, 30_000


def promise(stage: Stage, key: str, quantity: int) -> Allocation:
    """Promise so much of a verified offer to the line it was made for."""
    lead = stage.leads[key]
    lead.refresh_from_db()
    line = stage.needs["burnaby"].lines.get(position=1)
    return actions.allocate(
        lead, line, quantity, author=stage.staff["officer"], by=stage.by("officer"), at=stage.at
    )


def gift_is_offered(stage: Stage) -> None:
    """The gift is entered at its true value, which customs will ask for."""
    stage.orders["gift"] = making.offer(
        stage.cities["burnaby"],
        [promise(stage, "giver", GIVEN)],
        author=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
    )


def gift_is_accepted(stage: Stage) -> None:
    """The approver accepts it, with a word to the file."""
    deciding.accept(stage.orders["gift"], by=stage.by("approver"), at=stage.at)
    comment(
        stage.orders["gift"],
        "Council will be told on Monday. Please prepare the letter of thanks in both languages.",
        by=stage.by("approver"),
        at=stage.at,
        language="en",
    )


def gift_is_ready(stage: Stage) -> None:
    """Guiyang says that the cartons stand ready."""
    deciding.ready(stage.orders["gift"], by=stage.by("officer"), at=stage.at)


def gift_is_thanked_for(stage: Stage) -> None:
    """The last word to Guiyang."""
    ending.thank(stage.orders["gift"], by=stage.by("officer"), at=stage.at)


def purchase_is_written(stage: Stage) -> None:
    """A hundred thousand masks, above what one person may decide; the account waits for a second person."""
    order = _drafted(stage, BOUGHT)
    use_account(
        order,
        stage.suppliers["maker"].bank_accounts.get(),
        reason="The only account the maker named.",
        by=stage.by("officer"),
        at=stage.at,
    )
    stage.orders["purchase"] = deciding.submit(order, by=stage.by("officer"), at=stage.at)


def account_is_entered(stage: Stage) -> None:
    """The account the maker named, entered before it is checked with the rest."""
    supplier = stage.suppliers["maker"]
    propose_account(
        supplier,
        holder=supplier.legal_name_local,
        number="6228 9999 0000 0000 017",
        bank="中山示范银行 DEMO Bank of Zhongshan",
        country="CN",
        currency="USD",
        proposed_by=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
    )


def _drafted(stage: Stage, quantity: int) -> Order:
    return making.draft(
        stage.cities["burnaby"],
        [promise(stage, "maker", quantity)],
        author=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
        authority=Order.Authority.EMERGENCY,
        authority_reference="DEMO: local emergency, resolution 2020-17",
        budget_line="DEMO 4410",
        offers_sought=2,
        few_offers_reason="Two makers had stock that could be seen within the week.",
        extra_costs=Decimal("2400.00"),
    )


def purchase_is_approved(stage: Stage) -> None:
    """A second person, who neither wrote the order nor verified the offer."""
    deciding.approve(stage.orders["purchase"], by=stage.by("approver"), at=stage.at)


def memo_is_made(stage: Stage) -> None:
    """What the decision rested on, frozen for the file and the auditor."""
    make_memo(stage.orders["purchase"], author=stage.staff["approver"], by=stage.by("approver"), at=stage.at)


def purchase_is_placed(stage: Stage) -> None:
    """The order goes out; another officer calls the maker back on the number that Zhongshan gave, and confirms the account."""
    order = deciding.place(stage.orders["purchase"], by=stage.by("officer"), at=stage.at)
    account = order.bank_account
    assert account is not None  # chosen when the order was written
    confirm_account(
        account,
        called_back_on=stage.suppliers["maker"].phone,
        confirmed_by=stage.staff["second_officer"],
        by=stage.by("second_officer"),
        at=stage.at,
    )


def purchase_is_confirmed(stage: Stage) -> None:
    """The maker confirms, for the second week of April."""
    day = stage.day.replace(day=8)
    deciding.confirm(stage.orders["purchase"], promised_on=day, by=stage.by("officer"), at=stage.at)


def deposit_is_proposed(stage: Stage) -> None:
    """Two days after the call: the account has cooled."""
    payments.propose(payment(stage, Payment.Milestone.DEPOSIT), by=stage.by("officer"), at=stage.at)


def deposit_is_paid(stage: Stage) -> None:
    """By a second person."""
    payments.pay(
        payment(stage, Payment.Milestone.DEPOSIT),
        paid_on=stage.day,
        transfer="DEMO-TRF-0403",
        by=stage.by("approver"),
        at=stage.at,
    )


def purchase_is_ready(stage: Stage) -> None:
    """The maker has packed."""
    deciding.ready(stage.orders["purchase"], by=stage.by("officer"), at=stage.at)


def second_payment_is_proposed(stage: Stage) -> None:
    """The goods have left, so the next payment is due; it waits for a second person."""
    payments.propose(payment(stage, Payment.Milestone.ON_PAPERS), by=stage.by("officer"), at=stage.at)


def more_is_ordered(stage: Stage) -> None:
    """Another thirty thousand: the order waits for the approver this morning."""
    stage.orders["more"] = deciding.submit(_drafted(stage, MORE), by=stage.by("officer"), at=stage.at)


def payment(stage: Stage, milestone: str) -> Payment:
    """The purchase's payment at a milestone."""
    return stage.orders["purchase"].payments.get(milestone=milestone)
