"""Tests of confirming a bank account: a second person calls a confirmed number, and a waiting period follows."""

from datetime import timedelta

import pytest

from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.findings import Finding
from procurement.suppliers.actions.bank_accounts import (
    confirm_account,
    propose_account,
    record_callback,
    retire_account,
)
from procurement.suppliers.actions.facts import retract_fact
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow.errors import NOT_READY, Refused

NUMBER = "+86 760 0000 0000"


def call_back(story: Story, account: BankAccount, number: str = NUMBER, action=confirm_account, at=AT):
    second = story.second_officer
    return action(account, callback_number=number, confirmed_by=second.user, by=second.by, at=at)


def propose_other_account(story: Story, number: str = "HK 88 0001") -> BankAccount:
    officer = story.officer
    return propose_account(
        story.supplier,
        holder="Zhongshan Kanghu DEMO",
        number=number,
        bank="Bank DEMO",
        country="HK",
        proposed_by=officer.user,
        by=officer.by,
        at=AT,
    )


def test_call_back_to_a_number_no_contact_confirmed_is_refused_with_instructions(story: Story) -> None:
    account = story.account(confirmed=False)
    with assert_refused("number_not_confirmed", account) as caught:
        call_back(story, account)
    assert "Ask a contact" in str(caught.value)
    assert caught.value.details["field"] == "callback_number"


@pytest.mark.parametrize("how", ["stated", "seen"])
def test_phone_number_only_stated_or_seen_cannot_be_used_for_a_call_back(story: Story, how: str) -> None:
    account = story.account(confirmed=False)
    story.phone(story.supplier, how=how)
    with assert_refused("number_not_confirmed", account):
        call_back(story, account)


def test_companys_own_or_another_companys_number_cannot_be_used_for_a_call_back(story: Story) -> None:
    account = story.account(confirmed=False)
    correct_supplier(story.supplier, SupplierEdit(phone="+86 760 1111 1111"), by=story.officer.by, at=AT)
    story.phone(story.company("别的公司 DEMO"))
    for number in ("+86 760 1111 1111", NUMBER):
        with assert_refused("number_not_confirmed", account):
            call_back(story, account, number)


def test_confirmed_number_counts_in_any_notation_and_the_account_records_who_confirmed_it(
    story: Story,
) -> None:
    account = story.account(confirmed=False)
    story.phone(story.supplier)
    newest = story.phone(story.supplier)
    call_back(story, account, " 0086-760-0000-0000 ")
    assert (account.status, account.phone, account.callback_number) == (
        "confirmed",
        newest,
        "0086-760-0000-0000",
    )
    assert account.waiting_period_ends_at == AT + WAITING_PERIOD


def test_retracted_number_cannot_be_used_for_a_call_back(story: Story) -> None:
    account = story.account(confirmed=False)
    row = story.phone(story.supplier)
    retract_fact(row, reason="another company", by=story.officer.by, at=AT)
    with assert_refused("number_not_confirmed", account):
        call_back(story, account)


def test_repeated_call_back_needs_a_confirmed_number_and_restarts_the_waiting_period(story: Story) -> None:
    account = story.account()
    later = AT + timedelta(days=5)
    with assert_refused("number_not_confirmed", account):
        call_back(story, account, "+86 10 1", record_callback, later)
    with assert_refused("not_allowed", account):
        record_callback(
            account, callback_number=NUMBER, confirmed_by=story.officer.user, by=story.officer.by, at=later
        )
    assert (
        call_back(story, account, NUMBER, record_callback, later).waiting_period_ends_at
        == later + WAITING_PERIOD
    )


def changed_accounts(story: Story) -> list[str]:
    """Return the accounts whose change blocks the only offer."""
    rescreen_changed_offers(AT)
    return list(Finding.objects.in_effect().filter(code="account_changed").values_list("subject", flat=True))


def test_bank_account_after_a_retired_one_is_reported_as_a_change_but_the_first_is_not(story: Story) -> None:
    story.lead(story.line())
    first = story.account()
    assert changed_accounts(story) == []
    retire_account(first, reason="They moved.", by=story.officer.by, at=AT)
    second = propose_other_account(story)
    assert changed_accounts(story) == [str(second.pk)]
    call_back(story, second)
    assert changed_accounts(story) == []


def test_second_account_named_before_the_first_is_confirmed_flags_both(story: Story) -> None:
    story.lead(story.line())
    first, second = story.account(confirmed=False), propose_other_account(story)
    assert set(changed_accounts(story)) == {str(first.pk), str(second.pk)}
    retire_account(second, reason="A fraud.", by=story.officer.by, at=AT)
    assert changed_accounts(story) == []


def test_changed_account_finding_cannot_be_settled_by_an_answer(story: Story) -> None:
    story.lead(story.line())
    story.account()
    propose_other_account(story)
    changed_accounts(story)
    finding = Finding.objects.get(code="account_changed")
    with pytest.raises(Refused) as caught:
        answer_finding(
            finding,
            answer="They wrote that it is right.",
            answered_by=story.verifier.user,
            by=story.verifier.by,
            at=AT,
        )
    assert caught.value.code == NOT_READY
    assert "must call the supplier back" in str(caught.value)
