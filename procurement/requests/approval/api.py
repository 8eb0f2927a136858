"""API of approval before posting: the operations, and the schema of a proposed change."""

from rest_framework import serializers

from procurement.requests.approval.actions import (
    approve_change,
    approve_request,
    return_change,
    return_request,
    submit_request,
    withdraw_change,
)
from procurement.requests.rules import (
    APPROVE_CHANGE,
    APPROVE_NEED,
    RETURN_CHANGE,
    RETURN_NEED,
    SUBMIT_NEED,
    WITHDRAW_CHANGE,
)
from workflow.api.fast_serializers import NULLABLE_TEXT_SCHEMA
from workflow.api.viewsets import MoveOperation

NULLABLE_DAY_SCHEMA = {"type": ["string", "null"], "format": "date"}
PROPOSAL_SCHEMA = {  # null is added, because the column may be empty
    "type": "object",
    "required": ["lines", "reason", "proposed_at"],
    "properties": {
        "lines": {
            "type": "array",
            "description": "All lines as they would be. `line` is the position of the present line, or null for a new one.",
            "items": {
                "type": "object",
                "required": ["line", "product", "quantity", "max_unit_price", "currency"],
                "properties": {
                    "line": {"type": ["integer", "null"]},
                    "product": {"type": "string"},
                    "quantity": {"type": "integer", "format": "int64"},
                    "standards": {"type": "array", "items": {"type": "string"}},
                    "needed_by": NULLABLE_DAY_SCHEMA,
                    "max_unit_price": NULLABLE_TEXT_SCHEMA,
                    "currency": {"type": "string"},
                    "use_per_day": {"type": ["integer", "null"], "format": "int64"},
                    "runs_out_on": NULLABLE_DAY_SCHEMA,
                    "priority": {"type": "integer"},
                    "alternatives": {
                        "type": "array",
                        "items": {"type": "array", "items": NULLABLE_TEXT_SCHEMA},
                    },
                },
            },
        },
        "reason": {"type": "string"},
        "proposed_at": {"type": "string", "format": "date-time"},
    },
}


def _waiting_since_field() -> serializers.DateTimeField:
    """Return the field for the time since which something waited when the approver read it."""
    return serializers.DateTimeField(
        help_text="As you read it. If what you approve was changed since, the approval is refused."
    )


APPROVAL_OPERATIONS = (
    MoveOperation(SUBMIT_NEED, action=submit_request),
    MoveOperation(APPROVE_NEED, action=approve_request, waiting_since=_waiting_since_field()),
    MoveOperation(RETURN_NEED, action=return_request),
    MoveOperation(APPROVE_CHANGE, action=approve_change, waiting_since=_waiting_since_field()),
    MoveOperation(RETURN_CHANGE, action=return_change),
    MoveOperation(WITHDRAW_CHANGE, action=withdraw_change),
)
