"""Geometry of the charts the server draws as SVG: the coverage bar, the price strip, the line of milestones.

Pure: figures in, positions and localised words out. Every length is an attribute in the SVG; a sentence or list stands beside it.
"""

from workflow.doors.charts.bars import Coverage, Part, Sums, Totals, coverage
from workflow.doors.charts.history import History, HistoryPlot, Priced, history_plot
from workflow.doors.charts.labels import Label, Lanes, labelled, text_width
from workflow.doors.charts.milestones import Line, Step, milestone_line
from workflow.doors.charts.prices import (
    Plot,
    Prices,
    Quote,
    Scale,
    Strip,
    axis_step,
    axis_top,
    price_plot,
    strip,
)

__all__ = [
    "Coverage",
    "History",
    "HistoryPlot",
    "Label",
    "Lanes",
    "Line",
    "Part",
    "Plot",
    "Priced",
    "Prices",
    "Quote",
    "Scale",
    "Step",
    "Strip",
    "Sums",
    "Totals",
    "axis_step",
    "axis_top",
    "coverage",
    "history_plot",
    "labelled",
    "milestone_line",
    "price_plot",
    "strip",
    "text_width",
]
