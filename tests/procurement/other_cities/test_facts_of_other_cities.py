"""Tests of facts that one city enters alone: they neither prove nor block another city's payments."""

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import end_role, grant_role
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.models import Order
from procurement.orders.payments.rules.blocks import payment_blocks
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from procurement.suppliers.actions.changes import accept_change
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.merging import merge_suppliers, unmerge_supplier
from procurement.suppliers.actions.suppliers import SupplierEdit, add_supplier, correct_supplier
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import cities_relying_on
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Person, Story
from workflow.clock import clear_instance_cache
from workflow.journal.models import Entry

WHY = "The licence of 2020 says so."
PHONE = "+86 760 5555 0101"


@pytest.fixture
def practice(story):
    """Set up an instance whose pages ask for no second factor."""
    story.practise()
    yield
    clear_instance_cache()


def company_with_same_phone(story: Story) -> Supplier:
    """Return a company that Markham added, with the same phone as one of which Burnaby had an offer.

    Then Burnaby has an offer of both.
    """
    correct_supplier(story.supplier, SupplierEdit(phone=PHONE), by=story.officer.by, at=AT)
    story.lead(story.line())
    markham = story.stranger
    row = add_supplier(
        legal_name_local="中山相似有限公司", country="CN", role="maker", phone=PHONE, place=cities.city("zhongshan"),
        entered_by=markham.user, by=markham.by, at=AT,
    )  # fmt: skip
    assert row.excluded_city_ids == [story.city.pk]
    story.lead(story.line(), supplier=row)
    return Supplier.objects.get(pk=row.pk)


def test_city_decides_about_own_supplier_even_if_match_did_not_count_when_added(story):
    row = company_with_same_phone(story)
    markham, home = Program(story.stranger.user), f"suppliers/{row.reference}/"
    no = markham.refused(f"{home}correct/", {"name_en": "Kang", "reason": WHY})
    assert (no["code"], "Burnaby" in no["detail"]) == ("relied_on", True)
    other = add_supplier(
        legal_name_local="中山另一家有限公司", country="CN", entered_by=story.stranger.user, by=story.stranger.by, at=AT
    )  # fmt: skip
    with assert_refused("relied_on", row, other):
        merge_suppliers(other, into=row, reason=WHY, by=story.stranger.by, at=AT)
    with assert_refused("relied_on", row, other):
        merge_suppliers(row, into=other, reason=WHY, by=story.stranger.by, at=AT)
    merge_suppliers(other, into=row, reason=WHY, by=story.officer.by, at=AT)
    with assert_refused("relied_on", row, other):
        unmerge_supplier(other, reason=WHY, by=story.stranger.by, at=AT)
    fact = record_fact(
        row, "name_en", "Kang", stated_by="a letter", stated_on=AT.date(), entered_by=story.stranger.user, by=story.stranger.by, at=AT
    )  # fmt: skip
    assert markham.refused(f"supplier-facts/{fact.pk}/select/", {"reason": WHY})["code"] == "relied_on"


def record_call_for_markham(story: Story, number: str = PHONE) -> SupplierFact:
    """Record in Markham's name that a contact called this number of Burnaby's supplier."""
    markham = story.stranger
    row = record_fact(
        story.supplier, "phone", number, stated_by="Zhongshan", stated_on=AT.date(), how="phoned", contact=story.contact,
        entered_by=markham.user, by=markham.by, at=AT,
    )  # fmt: skip
    assert row.excluded_city_ids == [story.city.pk]
    return row


def test_phone_number_that_does_not_count_for_city_verifies_no_bank_account(practice, story):
    story.lead(story.line())
    account = story.account(confirmed=False)
    fact = record_call_for_markham(story)
    client, second = Client(), story.second_officer
    client.force_login(second.user)
    address = f"{account.get_absolute_url()}confirm/"
    assert PHONE not in client.get(address).content.decode()
    assert client.post(address, {"callback_number": PHONE}).status_code == 422
    body = {"callback_number": PHONE}
    program = Program(second.user)
    assert program.refused(f"bank-accounts/{account.pk}/confirm/", body)["code"] == "number_not_confirmed"
    assert BankAccount.objects.get(pk=account.pk).status == "proposed"
    change = SupplierChange.objects.get(verb="count", thing_id=fact.pk)
    Program(story.officer.user).post(f"supplier-changes/{change.reference}/accept/")
    assert PHONE in client.get(address).content.decode()
    assert program.post(f"bank-accounts/{account.pk}/confirm/", body)["status"] == "confirmed"


def test_account_confirmed_by_other_city_with_uncounted_number_is_not_payable(story):
    story.lead(story.line())
    record_call_for_markham(story)
    markham = Story("markham")
    account = propose(story.supplier, story.stranger, "6222020000007777")
    second = markham.second_officer
    confirm_account(account, callback_number=PHONE, confirmed_by=second.user, by=second.by, at=AT)
    order = Order.objects.get(pk=story.placed(story.promise(), bank_account=account).pk)
    (no,) = [
        one.refusal
        for one in payment_blocks(order)
        if "Your city has not accepted the number called about the account" in str(one.refusal)
    ]
    assert account.masked_account_number in str(no)


def propose(company: Supplier, who: Person, number: str = "6222020000009999") -> BankAccount:
    return propose_account(
        company, holder="A stranger", number=number, bank="Bank of China", country="CN", proposed_by=who.user, by=who.by, at=AT
    )  # fmt: skip


def transfer_to_markham(person: Person) -> Person:
    """Return the same person as an officer of Markham, without a role in their old city."""
    for role in person.user.memberships.active():
        end_role(role, by=CONSOLE_ACTOR, at=AT)
    grant_role(person.user, role="officer", city=cities.city("markham"), by=CONSOLE_ACTOR, at=AT)
    return Person(person.user, powers_for(person.user))


def payment_hold_reasons() -> list[str]:
    """Return the reasons why the only order is not paid."""
    return [str(one.refusal) for one in payment_blocks(Order.objects.get())]


def test_bank_account_belongs_to_city_of_author_even_after_author_changes_city(story):
    story.placed(story.promise(), bank_account=story.account())
    before = payment_hold_reasons()
    moved = transfer_to_markham(story.person("officer"))
    account = propose(story.supplier, moved)
    assert payment_hold_reasons() == before
    assert cities_relying_on(account) == frozenset()
    own = story.person("officer")
    account = propose(story.supplier, own, "6222020000008888")
    transfer_to_markham(own)
    assert payment_hold_reasons() != before
    assert cities_relying_on(account) == {story.city.pk}


def propose_settlement(story: Story) -> tuple[SupplierFact, dict[str, str]]:
    """Record Burnaby's fact about the English name, and Markham's proposal to settle it."""
    story.lead(story.line())
    fact = record_fact(
        story.supplier, "name_en", "Kang", stated_by="a letter", stated_on=AT.date(), entered_by=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    data = {"thing": f"supplier-facts/{fact.pk}", "verb": "select", "reason": WHY}
    return fact, Program(story.stranger.user).post("supplier-changes/", data)


def test_proposal_to_settle_disputed_fact_shows_current_and_proposed_value(practice, story):
    correct_supplier(story.supplier, SupplierEdit(name_en="Kanghu"), by=story.officer.by, at=AT)
    _fact, made = propose_settlement(story)
    assert {"field": "name_en", "old": "Kanghu", "new": "Kang"} in made["changes"]
    client = Client()
    client.force_login(story.officer.user)
    page = client.get(SupplierChange.objects.get().get_absolute_url()).content.decode()
    for words in ("English name", "Kanghu", "<strong>Kang</strong>"):
        assert words in page
    plan = build_notifications_for_entry(
        Entry.objects.filter(thing_label="procurement.supplierchange").latest("pk"), AT
    )
    assert "English name: Kanghu → Kang" in plan.messages[0].body
    Program(story.officer.user).post(f"supplier-changes/{made['reference']}/accept/")
    assert Supplier.objects.get(pk=story.supplier.pk).name_en == "Kang"


def test_disputed_fact_is_not_settled_over_newer_correction(story):
    fact, made = propose_settlement(story)
    correct_supplier(story.supplier, SupplierEdit(name_en="Kanghu"), by=story.officer.by, at=AT)
    no = Program(story.officer.user).refused(f"supplier-changes/{made['reference']}/accept/")
    assert no["code"] == "not_ready"
    assert (Supplier.objects.get(pk=story.supplier.pk).name_en, fact.status) == ("Kanghu", "recorded")


def test_last_city_can_accept_proposal_it_opened_before_another_city_accepted(story):
    story.lead(story.line())
    montreal = Story("montreal")
    montreal.supplier = story.supplier
    montreal.lead(montreal.line(product="GLOVE_EXAM_NITRILE"))
    data = {
        "thing": f"suppliers/{story.supplier.reference}",
        "verb": "correct",
        "values": {"name_en": "Kang"},
        "reason": WHY,
    }
    made = Program(story.stranger.user).post("supplier-changes/", data)
    read_before = SupplierChange.objects.get()
    Program(story.officer.user).post(f"supplier-changes/{made['reference']}/accept/")
    last = montreal.officer
    accept_change(read_before, decided_by=last.user, by=last.by, at=AT)
    assert SupplierChange.objects.get().status == "accepted"
    assert Supplier.objects.get(pk=story.supplier.pk).name_en == "Kang"
