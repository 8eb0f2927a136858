"""Moves that each role may make with a need, in every status."""

from typing import Any

from procurement.requests.actions.counters import add_to_line_counters
from procurement.requests.actions.requests import fulfil_request
from procurement.requests.unwanted_goods.actions import add_unwanted_goods, withdraw_unwanted_goods
from tests.procurement.permission_tables import Row, both_officers
from tests.procurement.requests import need_approval_steps, test_needs
from tests.procurement.requests.test_needs import need_with_line
from tests.worlds.need_to_order import AT, Story


def fulfilled_need(story: Story) -> Any:
    need = test_needs.posted_need(story)
    add_to_line_counters(need.lines.get(), allocated=100, shipped=100, arrived=100, released=100)
    return fulfil_request(need, by=story.officer.by, at=AT)


def need_after_recall(story: Story) -> Any:
    need = fulfilled_need(story)
    add_to_line_counters(need.lines.get(), allocated=-40, shipped=-40, arrived=-40, released=-40)
    return need


def unwanted(story: Story) -> Any:
    return add_unwanted_goods(
        story.city, family="glove", reason="We have enough.", by=story.officer.by, at=AT
    )


def wanted_again(story: Story) -> Any:
    return withdraw_unwanted_goods(unwanted(story), reason="We need some.", by=story.officer.by, at=AT)


NEED_ROWS: list[Row] = [
    ("draft", need_with_line, both_officers("edit post withdraw")),
    ("draft", need_approval_steps.draft_to_submit, both_officers("edit submit withdraw")),
    ("draft", need_approval_steps.returned_need, both_officers("edit submit withdraw")),
    (
        "awaiting_approval",
        need_approval_steps.submitted_need,
        both_officers("return withdraw", approver="approve return"),
    ),
    (
        "open",
        need_approval_steps.need_with_change,
        both_officers(
            "edit withdraw_change reconfirm clarify share stop withdraw",
            approver="approve_change return_change",
        ),
    ),
    (
        "open",
        need_approval_steps.need_with_returned_change,
        both_officers("edit propose_change withdraw_change reconfirm clarify share stop withdraw"),
    ),
    ("open", test_needs.posted_need, both_officers("edit reconfirm clarify share stop withdraw")),
    ("open", test_needs.paused_need, both_officers("edit reconfirm clarify share resume withdraw")),
    ("fulfilled", fulfilled_need, {}),
    ("fulfilled", need_after_recall, both_officers("reopen")),
    ("withdrawn", test_needs.withdrawn_need, {}),
]
UNWANTED_GOODS: list[Row] = [
    ("active", unwanted, both_officers("withdraw")),
    ("withdrawn", wanted_again, {}),
]
