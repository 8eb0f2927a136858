"""Conditions of rules that break_rights.py replaces one by one."""

import importlib
import inspect
from typing import NamedTuple


class Rule(NamedTuple):
    """Condition of a rule: its module and function, the text in its source, and what replaces it."""

    module: str
    function: str
    text: str
    broken: str


RULES = (
    Rule("procurement.leads.rules.leads", "may_verify", "by.user_id == lead.author_id", "False"),
    Rule(
        "procurement.orders.rules.orders",
        "may_decide_as_second_person",
        "by.may(Power.APPROVE, order)",
        "True",
    ),
    Rule("procurement.orders.rules.orders", "may_return", "by.user_id == order.author_id", "True"),
    Rule("procurement.orders.rules.orders", "may_approve", "order.status == Order.Status.DRAFT", "False"),
    Rule(
        "procurement.orders.rules.orders",
        "may_handle_donation",
        "order.kind == AcquisitionType.DONATION",
        "True",
    ),
    Rule("procurement.allocations.plans.rules", "may_plan", "all(", "any("),
    Rule(
        "procurement.receiving.rules.rejected_goods",
        "may_confirm_destruction",
        "by.user_id != destroyed_goods.author_id",
        "True",
    ),
    Rule(
        "procurement.suppliers.rules.bank_accounts",
        "may_confirm_as_second_person",
        "account.proposed_by_id",
        "None",
    ),
    Rule("procurement.sanctions.rules.matches", "may_decide_match", "rows.filter(mine).exists()", "False"),
    Rule("procurement.suppliers.rules.dependent_cities", "change_alone_refusal", "not others", "True"),
    Rule("procurement.suppliers.rules.changes", "may_decide_change", "& frozenset(change.asked)", ""),
    Rule("procurement.audit_files.rules", "may_request_audit_file", "by.user_id == bundle.by_id", "True"),
    Rule("procurement.shipments.rules", "may_split_or_merge", "and not shipment.is_return", ""),
    Rule(
        "procurement.outreach.rules.people",
        "may_consent",
        "by.may(Power.SEND_INQUIRY, thing.through_city)",
        "True",
    ),
    Rule("procurement.outreach.rules.people", "may_answer", "by.may(Power.ANSWER_INQUIRY, inquiry)", "True"),
    Rule("partners.contacts.rules", "may_suggest_change", "and not is_self_or_manager(by, contact)", ""),
    Rule("partners.contacts.rules", "may_correct", "and may_see_details(by, contact)", ""),
    Rule("partners.memberships.rules", "may_end", "by.user_id == membership.user_id", "True"),
    Rule(
        "partners.register_import.rules", "may_continue_import", "by.user_id == source_import.by_id", "True"
    ),
    Rule("partners.corrections.rules", "may_decide", "(by, ", "(by, *by.cities_with('edit_register'), "),
)


def broken_source(rule: Rule) -> str:
    """Return the source of the function with the condition replaced.

    Raises LookupError if the function has no such text: the rule was changed, and the entry in `RULES` is out
    of date.
    """
    source = inspect.getsource(getattr(importlib.import_module(rule.module), rule.function))
    if rule.text not in source:
        raise LookupError(f"{rule.module}.{rule.function} has no “{rule.text}”: correct the bite.")
    return source.replace(rule.text, rule.broken)
