"""Field for the lines of a need that an inquiry is about."""

from rest_framework import serializers

from procurement.outreach.rules.lines import MAX_ASKED_LINES, MAX_LINE_NUMBER


def line_numbers_field() -> serializers.ListField:
    """Return the field for the numbers of the lines that a new inquiry is about."""
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_LINE_NUMBER),
        required=False,
        max_length=MAX_ASKED_LINES,
        help_text="Numbers (`position`) of the need's lines to ask about. Empty or left out: the whole need, with lines "
        "added later. All numbers: these lines, without lines added later.",
    )
