"""List of all API collections, with those about any object: comments, files, journal, notifications.

An object is named by its own address below /api/v1/, such as `supply-requests/SR-2026-0042`.
"""

from procurement.notifications.api import Notifications
from procurement.records.api import object_urls
from procurement.records.api.comments import Comments
from procurement.records.api.entries import Entries
from procurement.records.api.files import Files
from procurement.records.api.object_urls import BY_LABEL, BY_PATH
from procurement.suppliers.api.changes import SupplierChanges
from workflow.api.viewsets import ModelViewSet

STORY: tuple[type[ModelViewSet], ...] = (*object_urls.STORY, SupplierChanges)
BY_PATH[SupplierChanges.path] = SupplierChanges  # it names objects by their addresses, so it is added last
BY_LABEL[SupplierChanges.model._meta.label_lower] = SupplierChanges
COLLECTIONS: tuple[type[ModelViewSet], ...] = (*STORY, Comments, Files, Entries, Notifications)
