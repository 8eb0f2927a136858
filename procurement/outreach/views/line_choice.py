"""Choice of the need lines to ask about, which the pages for asking keep in their addresses."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects

from partners.authenticated_requests import AuthenticatedRequest
from procurement.outreach.forms import LineChoiceForm
from procurement.outreach.rules.lines import LINE_NUMBER_PATTERN
from procurement.requests.models import RequestLine, SupplyRequest


@dataclass(frozen=True)
class LineChoice:
    """Lines of a need, in their order, and the numbers of those to ask about. No numbers: the whole need.

    `removed_numbers` were chosen too, but the need has no such lines any more.
    """

    lines: list[RequestLine]
    numbers: tuple[int, ...]
    removed_numbers: tuple[int, ...]

    @property
    def chosen_lines(self) -> list[RequestLine]:
        """The lines to ask about; none for the whole need."""
        return [line for line in self.lines if line.position in self.numbers]

    @property
    def sent_numbers(self) -> tuple[int, ...]:
        """All numbers that were chosen. An action refuses them if one of the lines has been removed."""
        return tuple(sorted((*self.numbers, *self.removed_numbers)))

    @property
    def form_numbers(self) -> tuple[int, ...]:
        """The numbers that a form shown again sends: the lines that are left.

        Without any, the removed ones, so that the form is refused and not taken for one about the whole need.
        """
        return self.numbers or self.removed_numbers

    @property
    def must_be_repeated(self) -> bool:
        """True if all chosen lines have been removed."""
        return bool(self.removed_numbers) and not self.numbers

    @property
    def query_string(self) -> str:
        """The choice as the end of an address: `?line=1&line=3`, or empty for the whole need."""
        return lines_query_string(self.numbers)

    @property
    def form(self) -> LineChoiceForm | None:
        """The form for another choice, or None if the need has only one line."""
        return LineChoiceForm(self.lines, self.numbers) if len(self.lines) > 1 else None


def lines_query_string(numbers: Collection[int]) -> str:
    """Return the choice of these lines as the end of an address; empty for no numbers, the whole need."""
    return f"?{urlencode([('line', number) for number in numbers])}" if numbers else ""


def line_choice(request: AuthenticatedRequest, need: SupplyRequest) -> LineChoice:
    """Return the lines that a request asks about. Reads the lines of the need with their products, in two queries.

    In an address, all lines mean the whole need.
    """
    prefetch_related_objects([need], "lines__product")
    lines = sorted(need.lines.all(), key=lambda line: line.position)
    sent = request.POST if request.method == "POST" else request.GET
    numbers = {int(one) for one in sent.getlist("line") if re.fullmatch(LINE_NUMBER_PATTERN, one)}
    known = {line.position for line in lines}
    chosen = set() if request.method != "POST" and numbers >= known else numbers & known
    return LineChoice(lines, tuple(sorted(chosen)), tuple(sorted(numbers - known)))
