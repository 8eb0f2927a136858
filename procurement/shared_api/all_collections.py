"""List of all API collections, also of those about objects of any kind, such as comments and files.

An object is named by its own address below /api/v1/, such as `supply-requests/SR-2026-0042`.
"""

from procurement.notifications.api import NotificationViewSet
from procurement.shared_api import object_urls
from procurement.shared_api.comments import CommentViewSet
from procurement.shared_api.entries import EntryViewSet
from procurement.shared_api.files import FileViewSet
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL, COLLECTION_BY_PATH
from procurement.suppliers.api.changes import SupplierChangeViewSet
from procurement.webhooks.api import WebhookDeliveryViewSet
from workflow.api.viewsets import CollectionViewSet

OBJECT_COLLECTIONS: tuple[type[CollectionViewSet], ...] = (
    *object_urls.COLLECTIONS_WITH_OBJECTS,
    SupplierChangeViewSet,
)
COLLECTION_BY_PATH[SupplierChangeViewSet.path] = (
    SupplierChangeViewSet  # it names objects by their addresses, so it is added last
)
COLLECTION_BY_LABEL[SupplierChangeViewSet.model._meta.label_lower] = SupplierChangeViewSet
COLLECTIONS: tuple[type[CollectionViewSet], ...] = (
    *OBJECT_COLLECTIONS,
    CommentViewSet,
    FileViewSet,
    EntryViewSet,
    NotificationViewSet,
    WebhookDeliveryViewSet,
)
