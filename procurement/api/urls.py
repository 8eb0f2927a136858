"""The addresses under /api/v1/: every collection, in the order of the story; its description; and a 404 for everything else."""

from procurement.api.records import COLLECTIONS
from workflow.doors.api.routes import routes

urlpatterns = routes(COLLECTIONS)
