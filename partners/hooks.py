"""Hooks of partners: functions and choices that it needs from the app above it.

`procurement/apps.py` registers them in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Model, TextChoices

from accounts.models import User
from workflow.actors import Actor
from workflow.errors import LazyText
from workflow.hooks import Hook
from workflow.uploads.file_types import Upload
from workflow.uploads.models import File

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

type ShipmentUrls = Callable[[Collection[str], Permissions], Mapping[str, str]]


class AttachFileAction(Protocol):
    """Action that adds a file to an object, as `workflow.comments_and_files.actions.attach_file` does.

    After a new file of a company, its offers are screened again.
    """

    def __call__(
        self,
        thing: Model,
        upload: Upload,
        *,
        by: Actor,
        at: datetime,
        kind: str = "",
        city_id: int | None = None,
    ) -> File: ...


attach_file = Hook[AttachFileAction]("partners.hooks.attach_file")

# Announces that the approval limit of a city (its id) changes, so that everything that depends on it is
# examined again. Call it before the city is locked, in the same transaction.
approval_limit_changed = Hook[Callable[[int], None]]("partners.hooks.approval_limit_changed")

# The data that higher-level apps keep about a person: their inquiries, answers and messages.
personal_data = Hook[Callable[[User], dict[str, list[dict[str, Any]]]]]("partners.hooks.personal_data")

# The ids of the suppliers in which the person (their id) declared an interest. One query.
conflicted_supplier_ids = Hook[Callable[[int], frozenset[int]]]("partners.hooks.conflicted_supplier_ids")

# The product families that a contact may know about.
product_families = Hook[type[TextChoices]]("partners.hooks.product_families")

# The checks that a contact on site can make.
check_kinds = Hook[Sequence[tuple[str, LazyText]]]("partners.hooks.check_kinds")

# The page addresses, by reference, of those shipments that the reader may see. One query.
shipment_urls = Hook[ShipmentUrls]("partners.hooks.shipment_urls")

# Of these pairs of cities, those between which an inquiry was written, each with the latest time. One query.
last_inquiry_times = Hook[Callable[[Collection[frozenset[int]]], Mapping[frozenset[int], datetime]]](
    "partners.hooks.last_inquiry_times"
)
