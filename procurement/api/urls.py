"""The addresses under /api/v1/: every collection, in the order of the story."""

from procurement.api.requests import SupplyRequests
from workflow.doors.api.routes import routes

COLLECTIONS = (SupplyRequests,)

urlpatterns = routes(COLLECTIONS)
