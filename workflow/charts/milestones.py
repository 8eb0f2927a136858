"""Chart of a shipment's milestones on a time line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from workflow.charts.labels import LABEL_ROW_HEIGHT, TOP, WIDTH, Label, LabelRows, text_width
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.formatting import format_month_day


class MilestoneMark(NamedTuple):
    """One milestone of a journey.

    `state` is done, now, held or ahead. `moment` is its actual, estimated or planned moment, as `kind` states.
    """

    label: LazyText
    moment: datetime | None
    state: Literal["done", "now", "held", "ahead"]
    kind: Literal["actual", "estimated", "planned"] = "planned"


@dataclass(frozen=True)
class MilestoneLine:
    """Drawing of the milestones on one line, in units of its viewBox.

    `axis` is the left end, the right end and the y of the line. `now_marker` is x and text of the present moment.
    """

    width: int
    height: float
    labels: list[Label]
    axis: tuple[float, float, float]
    now_marker: tuple[float, str] | None


def milestone_line(steps: Sequence[MilestoneMark], now: datetime) -> MilestoneLine | None:
    """Return the milestones placed by their moments; None if fewer than two have a moment.

    With fewer than two, a list is clearer.
    """
    dated = [(step, step.moment) for step in steps if step.moment is not None]
    if len(dated) < 2:
        return None
    moments = [when for _step, when in dated] + [now]
    start, length = min(moments), (max(moments) - min(moments)).total_seconds() or 1.0
    margin = min(max(text_width(_milestone_text(step, when)) for step, when in dated) + 24, WIDTH / 3)

    def x(when: datetime) -> float:
        return round(margin + (WIDTH - 2 * margin) * (when - start).total_seconds() / length, 1)

    points = sorted((x(when), _milestone_text(step, when), step.state) for step, when in dated)
    past = _flags([point for point in points if point[0] <= x(now)], "end")
    ahead = _flags([point for point in reversed(points) if point[0] > x(now)], "start")
    bottom = TOP + LABEL_ROW_HEIGHT * (1 + max(lane for _flag, lane in past + ahead))
    labels = [replace(flag, y=bottom - LABEL_ROW_HEIGHT * (lane + 1)) for flag, lane in past + ahead]
    return MilestoneLine(WIDTH, bottom + 12, labels, (margin, WIDTH - margin, bottom), (x(now), _("now")))


def _flags(
    points: Iterable[tuple[float, str, str]], anchor: Literal["start", "end"]
) -> list[tuple[Label, int]]:
    """Return the label of each point, on the side away from now, with its row above the axis.

    `points` begin at the far end and lead towards now. A label is above every other label whose pole it would
    cross, so no pole runs through text.
    """
    placed: list[tuple[Label, int]] = []
    lanes = LabelRows()
    for x, text, state in points:
        width = text_width(text) + 14
        left, right = (x - width, x + 12) if anchor == "end" else (x - 12, x + width)
        lowest = max((lane + 1 for flag, lane in placed if left <= flag.x <= right), default=0)
        lane = lanes.place(left, right, lowest)
        shift = -12 if anchor == "end" else 12
        placed.append((Label(x, 0, text, x + shift, anchor, state == "held", state), lane))
    return placed


def _milestone_text(step: MilestoneMark, when: datetime) -> str:
    return f"{step.label} {format_month_day(reader_day(when))}"
