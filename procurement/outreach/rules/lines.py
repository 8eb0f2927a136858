"""Lines of a need that an inquiry is about."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.errors import Refused

LINE_NUMBER_PATTERN = r"[1-9][0-9]{0,3}"  # of a number in an address
MAX_LINE_NUMBER = 9999
MAX_ASKED_LINES = 100  # in one request to the API


def unknown_line_refusal(need: SupplyRequest, line_numbers: Collection[int]) -> Refused | None:
    """Return a refusal if the need lacks a line with one of these numbers, else None. No query without numbers."""
    if not line_numbers:
        return None
    unknown = set(line_numbers).difference(need.lines.values_list("position", flat=True))
    if not unknown:
        return None
    words = _("%(need)s has no line %(line)s. Someone may have removed it. Choose the lines again.")
    return Refused("unknown_line", words % {"need": need, "line": min(unknown)}, field="line_numbers")


def unasked_line_refusal(inquiry: Inquiry | None, line: RequestLine | None) -> Refused | None:
    """Return a refusal for an offer in answer to an inquiry that is not about this line of its need, else None.

    An offer without a line is of goods that the need may not list. It counts for no line until the city files it under
    one, so it is never refused.
    """
    if inquiry is None or line is None or line.supply_request_id != inquiry.supply_request_id:
        return None
    if inquiry.asks_about_line(line.position):
        return None
    words = _("The inquiry is not about line %(line)s. Choose a line that it asks about.")
    return Refused("line_not_asked", words % {"line": line.position}, field="line")


def has_lost_its_lines(inquiry: Inquiry) -> bool:
    """Return True if all lines that the inquiry is about were removed.

    One query for an inquiry about chosen lines, unless it was read `with_lines_left`.
    """
    if not inquiry.line_numbers:
        return False
    has_lines_left: bool | None = getattr(inquiry, "has_lines_left", None)
    return not (inquiry.asked_lines.exists() if has_lines_left is None else has_lines_left)
