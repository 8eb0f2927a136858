"""Choice of the need lines to ask about, which the pages for asking keep in their addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.formatting import format_quantity

MAX_NUMBER_DIGITS = 4  # figures of a line number; a longer one is no line


class LineChoiceForm(forms.Form):
    """Form that chooses the lines of a need to ask about."""

    line = forms.MultipleChoiceField(
        label=_("Lines to ask about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("To ask about the whole need, tick all lines or none."),
    )


@dataclass(frozen=True)
class LineChoice:
    """Lines of a need, in their order, and the numbers of those to ask about. No numbers: the whole need."""

    lines: list[RequestLine]
    numbers: tuple[int, ...]

    @property
    def chosen_lines(self) -> list[RequestLine]:
        """The lines to ask about; none for the whole need."""
        return [line for line in self.lines if line.position in self.numbers]

    @property
    def query_string(self) -> str:
        """The choice as the end of an address: `?line=1&line=3`, or empty for the whole need."""
        return lines_query_string(self.numbers)

    @property
    def form(self) -> LineChoiceForm | None:
        """The form for another choice, or None if the need has only one line."""
        if len(self.lines) < 2:
            return None
        ticked = self.numbers or [line.position for line in self.lines]
        form = LineChoiceForm(initial={"line": [str(number) for number in ticked]}, auto_id="lines_%s")
        field = form.fields["line"]
        assert isinstance(field, forms.MultipleChoiceField)  # declared above
        field.choices = [(line.position, _line_label(line)) for line in self.lines]
        return form


def lines_query_string(numbers: Collection[int]) -> str:
    """Return the choice of these lines as the end of an address; empty for no numbers, the whole need."""
    return f"?{urlencode([('line', number) for number in numbers])}" if numbers else ""


def _line_label(line: RequestLine) -> str:
    unit = line.product.unit_for_count(line.quantity)
    return f"{line.product.name} · {format_quantity(line.quantity)} {unit}"


def line_choice(request: AuthenticatedRequest, need: SupplyRequest) -> LineChoice:
    """Return the lines that a request asks about. Reads the lines of the need with their products, in two queries.

    An address may be old: numbers without a line are ignored there, and all lines mean the whole need. A form that
    sends such a number is refused by the action.
    """
    prefetch_related_objects([need], "lines__product")
    lines = sorted(need.lines.all(), key=lambda line: line.position)
    sent = request.POST if request.method == "POST" else request.GET
    numbers = {
        int(one)
        for one in sent.getlist("line")
        if one.isascii() and one.isdecimal() and len(one) <= MAX_NUMBER_DIGITS
    }
    if request.method != "POST":
        known = {line.position for line in lines}
        numbers = set() if numbers >= known else numbers & known
    return LineChoice(lines, tuple(sorted(numbers)))
