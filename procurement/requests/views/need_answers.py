"""Answers about a need, in the order of the questions, for its review page and its own page."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.requests.alternatives.queries import ACCEPTED_GOODS, accepted_standards_text
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.errors import LazyText
from workflow.formatting import format_day, format_money, format_quantity

RETURN_TO_REVIEW_PARAMETER = (
    "check"  # in the address of a step: continue to the check page, not to the next step
)


class Answer(NamedTuple):
    """An answer with its label. `value` is None if it was not provided.

    `is_free_text` is True for words that a person typed, in `language`. `change_url` is the address of the page that
    changes the answer, or "".
    """

    label: LazyText
    value: LazyText | None
    change_url: str = ""
    is_free_text: bool = False
    language: str = ""


class LineAnswers(NamedTuple):
    """The answers about one line."""

    line: RequestLine
    answers: list[Answer]


def step_url(need: SupplyRequest, step: int) -> str:
    """Return the address of a step of a draft, from which one returns to the check page."""
    return (
        f"{reverse('write_need', args=[need.reference, step])}?{urlencode({RETURN_TO_REVIEW_PARAMETER: 1})}"
    )


def need_answers(need: SupplyRequest, *, may_change: bool) -> list[Answer]:
    """Return the answers about the need as a whole, with links to change them if the reader `may_change` them.

    A draft is changed step by step, a posted need in one form.
    """
    draft = need.status == SupplyRequest.Status.DRAFT

    def change(step: int) -> str:
        if not may_change:
            return ""
        return step_url(need, step) if draft else f"{need.get_absolute_url()}edit/"

    written = need.notes_language
    return [
        Answer(_("Title"), need.title, change(1), is_free_text=True, language=written),
        Answer(_("Declared use"), need.get_declared_use_display(), change(1)),
        Answer(_("Who will use the goods"), _("; ").join(need.facility_kind_labels) or None, change(1)),
        Answer(_("Needed by"), format_day(need.needed_by) if need.needed_by else None, change(2)),
        Answer(_("Deliver to"), need.deliver_to or None, change(2), is_free_text=True),
        Answer(_("UN/LOCODE"), need.deliver_locode or None, change(2) if draft else ""),
        Answer(
            _("Purchase or donation"),
            ", ".join(need.accepted_acquisition_labels) or None,
            change(4) if draft else "",
        ),
        Answer(_("Who can see the need"), need.get_visibility_display(), change(4) if draft else ""),
        Answer(_("Notes"), need.notes or None, change(4), is_free_text=True, language=written),
    ]


def line_answers(
    need: SupplyRequest, lines: Sequence[RequestLine], *, own: bool, may_change: bool, today: date
) -> list[LineAnswers]:
    """Return the answers about each line.

    Days of supply and the maximum price are included only for the city's `own` people.
    """
    prefetch_related_objects(lines, *ACCEPTED_GOODS)
    return [
        LineAnswers(line, _answers_of_line(need, line, own=own, may_change=may_change, today=today))
        for line in lines
    ]


def _answers_of_line(
    need: SupplyRequest, line: RequestLine, *, own: bool, may_change: bool, today: date
) -> list[Answer]:
    change = reverse("need_line", args=[need.reference, line.pk]) if may_change else ""
    draft = may_change and need.status == SupplyRequest.Status.DRAFT
    first = line.position == min(one.position for one in need.lines.all())
    answers = [
        Answer(_("Product"), line.product.name, step_url(need, 1) if draft and first else ""),
        Answer(_("Quantity"), _quantity_text(line, line.quantity), change),
        Answer(_("Accepted standards"), accepted_standards_text(line) or _("any"), change),
        Answer(
            _("Alternatives"),
            _("; ").join(one.label for one in line.alternatives.all()) or _("Only this product"),
            change,
        ),
        Answer(
            _("Date for this line"),
            _("needed by %(day)s") % {"day": format_day(line.needed_by)} if line.needed_by else None,
            change,
        ),
        Answer(_("Priority"), line.get_priority_display(), change),
    ]
    if own:
        price = line.max_unit_price
        answers += [
            Answer(_("Days of supply"), days_of_supply(line, today), change),
            Answer(_("Use per day"), _quantity_text(line, line.use_per_day), change),
            Answer(
                _("Maximum price"), format_money(price, line.currency) if price is not None else None, change
            ),
        ]
    return answers


def _quantity_text(line: RequestLine, quantity: int | None) -> str | None:
    return (
        None if quantity is None else f"{format_quantity(quantity)} {line.product.unit_for_count(quantity)}"
    )


def days_of_supply(line: RequestLine, today: date) -> str | None:
    """Return the days of supply left today and the day it runs out as text, or None if unknown."""
    days = line.days_left(today)
    if days is None or line.runs_out_on is None:
        return None
    words = ngettext(
        "%(days)s day of supply left, until %(day)s", "%(days)s days of supply left, until %(day)s", days
    )
    return words % {"days": format_quantity(days), "day": format_day(line.runs_out_on)}
