"""supply-requests: what cities need."""

from procurement.requests import actions
from procurement.requests.models import SupplyRequest
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import reason
from workflow.doors.api.reading import Named, Row


class SupplyRequestRow(Row):
    """A need, as a list tells it."""

    city = Named("slug")

    class Meta:
        model = SupplyRequest
        fields = (
            "reference",
            "status",
            "city",
            "title",
            "declared_use",
            "needed_by",
            "reconfirm_by",
            "accepts",
            "visibility",
            "stopped",
            "posted_at",
            "created_at",
        )


class SupplyRequests(Collection):
    """Needs of cities."""

    model = SupplyRequest
    path = "supply-requests"
    row = SupplyRequestRow
    verbs = {
        "post": Verb(actions.post),
        "stop": Verb(actions.stop, reason=reason()),
        "resume": Verb(actions.resume),
    }
