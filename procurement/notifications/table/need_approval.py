"""Notices about needs, and changes of needs, that wait for an approver, and about the decisions."""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import need_audiences
from procurement.notifications.conditions.need_approval import (
    is_change_sent_back,
    is_change_undecided,
    is_need_sent_back,
    is_need_undecided,
)
from procurement.notifications.notices import NotificationRule, staff_notice

NEED_APPROVAL_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    ("procurement.supplyrequest", "submit"): (
        staff_notice(
            need_audiences.need_approvers,
            _("A need is waiting for your decision"),
            _("%(who)s asks you to approve %(thing)s. It is posted when you approve it."),
            "awaiting_approval",
            valid_if=is_need_undecided,
        ),
    ),
    ("procurement.supplyrequest", "approve"): (
        staff_notice(
            need_audiences.author_and_submitter,
            _("A need was approved and posted"),
            _("%(thing)s has been approved and posted. You can now ask partners."),
            "open",
        ),
    ),
    ("procurement.supplyrequest", "return"): (
        staff_notice(
            need_audiences.author_and_submitter,
            _("A need was returned"),
            _("%(thing)s was returned: %(reason)s"),
            "draft",
            valid_if=is_need_sent_back,
        ),
    ),
    ("procurement.supplyrequest", "propose_change"): (
        staff_notice(
            need_audiences.need_approvers,
            _("A change to a need is waiting for your decision"),
            _("%(who)s asks you to approve a change to %(thing)s. %(reason)s"),
            "open",
            valid_if=is_change_undecided,
        ),
    ),
    ("procurement.supplyrequest", "approve_change"): (
        staff_notice(
            need_audiences.proposer_of_change,
            _("A change to a need was approved"),
            _("The change to %(thing)s has been approved and applied."),
            "open",
        ),
    ),
    ("procurement.supplyrequest", "return_change"): (
        staff_notice(
            need_audiences.proposer_of_change,
            _("A change to a need was returned"),
            _("The change to %(thing)s was returned: %(reason)s"),
            "open",
            valid_if=is_change_sent_back,
        ),
    ),
    ("procurement.supplyrequest", "remind"): (
        staff_notice(
            need_audiences.need_approvers_to_remind,
            _("A need is still waiting for a decision"),
            _("%(thing)s is not posted until an approver decides."),
            "awaiting_approval",
            send_if=is_need_undecided,
        ),
        staff_notice(
            need_audiences.need_approvers_to_remind,
            _("A change to a need is still waiting for a decision"),
            _("The change to %(thing)s is not applied until an approver decides."),
            "open",
            send_if=is_change_undecided,
            valid_if=is_change_undecided,
        ),
    ),
}
