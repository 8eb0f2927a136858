"""How every status looks: one icon and one tone, in one table. The word itself is the label of the thing's own Status.

Keyed by the status; where the same word means another thing, by `model.status`. A test reads all Tracked models for gaps.
"""

from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

type Tone = Literal["green", "amber", "red", "blue", "purple", "grey"]


class Look(NamedTuple):
    """A lucide icon and a tone. Green: good and done. Amber: somebody must act. Red: refused or lost. Blue: under way,
    nothing wrong. Purple: on the road. Grey: quiet, not begun or over.
    """

    icon: str
    tone: Tone


LOOKS: dict[str, Look] = {
    "accepted": Look("check", "green"),
    "active": Look("circle-check", "green"),
    "agreed": Look("handshake", "green"),
    "altered": Look("file-exclamation-point", "red"),
    "answered": Look("message-circle-reply", "green"),
    "approved": Look("stamp", "green"),
    "arrived": Look("plane-landing", "purple"),
    "asked": Look("message-circle-question-mark", "blue"),
    "awaiting_approval": Look("hourglass", "amber"),
    "awaiting_consent": Look("hourglass", "amber"),
    "banned": Look("ban", "red"),
    "cancelled": Look("circle-slash", "grey"),
    "checked": Look("list-checks", "blue"),
    "checking": Look("scan-search", "blue"),
    "claimed": Look("message-square-quote", "grey"),
    "clean": Look("file-check", "green"),
    "cleared": Look("circle-check", "green"),
    "clearing": Look("hourglass", "amber"),
    "closed": Look("archive", "green"),
    "completed": Look("circle-check-big", "green"),
    "conditional": Look("circle-alert", "amber"),
    "confirmed": Look("badge-check", "green"),
    "declined": Look("circle-minus", "grey"),
    "delivered": Look("truck", "purple"),
    "departed": Look("plane-takeoff", "purple"),
    "declared": Look("flag", "amber"),
    "draft": Look("pencil", "grey"),
    "done": Look("circle-check-big", "green"),
    "dropped": Look("circle-slash", "grey"),
    "ended": Look("circle-slash", "grey"),
    "entered": Look("circle-check", "green"),
    "expired": Look("calendar-x", "grey"),
    "failed": Look("circle-x", "red"),
    "filed": Look("file-up", "blue"),
    "format_ok": Look("file-search", "blue"),
    "frozen": Look("file-lock", "green"),
    "fulfilled": Look("circle-check-big", "green"),
    "gone": Look("circle-check", "grey"),
    "handed_over": Look("forward", "grey"),
    "held": Look("hand", "amber"),
    "in_force": Look("list-checks", "green"),
    "invited": Look("mail", "blue"),
    "lapsed": Look("timer-off", "grey"),
    "listed": Look("building-2", "grey"),
    "lost": Look("circle-x", "red"),
    "matched": Look("scan-search", "blue"),
    "merged": Look("merge", "grey"),
    "missing": Look("upload", "amber"),
    "offered": Look("inbox", "blue"),
    "open": Look("circle-dot", "blue"),
    "ordered": Look("file-pen-line", "blue"),
    "outdated": Look("history", "amber"),
    "packed": Look("package", "blue"),
    "paid": Look("banknote", "green"),
    "placed": Look("send", "blue"),
    "possible": Look("triangle-alert", "amber"),
    "planned": Look("calendar", "grey"),
    "proposed": Look("lightbulb", "grey"),
    "quarantined": Look("shield-alert", "amber"),
    "queried": Look("message-circle-question-mark", "amber"),
    "ready": Look("package-check", "blue"),
    "recalled": Look("undo-2", "red"),
    "received": Look("inbox", "blue"),
    "recorded": Look("handshake", "green"),
    "refused": Look("circle-x", "red"),
    "rejected": Look("circle-x", "red"),
    "released": Look("circle-check-big", "green"),
    "replaced": Look("history", "grey"),
    "retired": Look("archive", "grey"),
    "returned": Look("undo-2", "amber"),
    "revoked": Look("ban", "grey"),
    "said": Look("message-square-quote", "grey"),
    "running": Look("loader", "blue"),
    "settled": Look("scale", "green"),
    "sent": Look("send", "blue"),
    "stopped": Look("bell-off", "grey"),
    "submitted": Look("file-input", "amber"),
    "suspect": Look("file-exclamation-point", "amber"),
    "suspended": Look("circle-pause", "amber"),
    "taken_back": Look("undo-2", "grey"),
    "taken": Look("hand", "blue"),
    "thanked": Look("heart-handshake", "green"),
    "unconfirmable": Look("file-x", "amber"),
    "uploaded": Look("file-up", "amber"),
    "unscanned": Look("shield-question-mark", "amber"),
    "upheld": Look("octagon-alert", "red"),
    "verified": Look("badge-check", "green"),
    "watched": Look("eye", "amber"),
    "withdrawing": Look("undo-2", "blue"),
    "withdrawn": Look("circle-slash", "grey"),
    "wrong_scope": Look("file-x", "red"),
    # the same word, another meaning
    "allocation.released": Look("undo-2", "grey"),
    "dispute.open": Look("scale", "amber"),
    "finding.open": Look("triangle-alert", "amber"),
    "bundle.asked": Look("hourglass", "blue"),
    "bundle.ready": Look("file-check", "green"),
    "customspaper.draft": Look("pencil", "amber"),
    "listmatch.confirmed": Look("octagon-alert", "red"),
    "watchlist.uploaded": Look("loader", "blue"),
    "watchlist.withdrawing": Look("hourglass", "amber"),
    "order.offered": Look("gift", "blue"),
}

# Not decisions but comparisons with the clock, numbers, or the state of a machine: their words live here too.
MARKS: dict[str, tuple[Look, Words]] = {
    "overdue": (Look("alarm-clock", "red"), _("Overdue")),
    "due_today": (Look("alarm-clock", "amber"), _("Due today")),
    "escalated": (Look("phone", "red"), _("Phone them")),
    "stale": (Look("clock-alert", "amber"), _("To be reconfirmed")),
    "held": (Look("hand", "amber"), _("Held")),
    "late": (Look("clock-alert", "amber"), _("Late")),
    "expired": (Look("calendar-x", "red"), _("Expired")),
    "away": (Look("plane", "grey"), _("Away")),
    "stopped": (Look("octagon-x", "red"), _("Stopped")),
    "demo": (Look("flask-conical", "grey"), _("DEMO")),
    "unsure": (Look("circle-question-mark", "amber"), _("Unsure source")),
    "light_red": (Look("octagon-x", "red"), _("No")),
    "light_amber": (Look("hourglass", "amber"), _("Not yet")),
    "light_green": (Look("circle-check-big", "green"), _("Yes")),
    "block": (Look("octagon-alert", "red"), _("Blocks")),
    "warn": (Look("triangle-alert", "amber"), _("Warning")),
    "note": (Look("info", "blue"), _("Note")),
    "in_force": (Look("handshake", "green"), _("In force")),
    "tie_expired": (Look("calendar-x", "grey"), _("Expired")),
    "tie_terminated": (Look("circle-slash", "grey"), _("Terminated")),
    "tie_suspended": (Look("circle-pause", "amber"), _("Suspended")),
    "tie_unknown": (Look("circle-question-mark", "grey"), _("Not known")),
    "helping": (Look("heart-handshake", "green"), _("Helping now")),
    "quiet": (Look("moon", "grey"), _("Quiet")),
    "never_asked": (Look("sparkles", "amber"), _("Never asked")),
    "message_planned": (Look("clock", "grey"), _("Planned")),
    "message_claimed": (Look("loader", "blue"), _("Being sent")),
    "message_sent": (Look("send", "green"), _("Sent")),
    "message_cancelled": (Look("circle-slash", "grey"), _("Cancelled")),
    "message_dead": (Look("circle-x", "red"), _("Could not be sent")),
    "message_uncertain": (Look("circle-question-mark", "amber"), _("Perhaps sent")),
    "message_expired": (Look("calendar-x", "grey"), _("Too late to send")),
    "passed": (Look("circle-check", "green"), _("Passed")),
    "failed": (Look("circle-x", "red"), _("Failed")),
    "conditional": (Look("circle-alert", "amber"), _("With conditions")),
    "yes": (Look("check", "green"), _("Yes")),
    "no": (Look("x", "red"), _("No")),
    "could_not_check": (Look("circle-question-mark", "amber"), _("Could not check")),
}


def look(model: str, status: str) -> Look:
    """The look of a status of a model (its lower-case name). KeyError if the table has a gap; a test finds it first."""
    return LOOKS.get(f"{model}.{status}") or LOOKS[status]
