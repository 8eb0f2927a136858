"""Every address of the product, room by room."""

from django.contrib import admin
from django.urls import include, path

from workflow.doors import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("procurement.api.urls")),
    path("", include("accounts.urls")),
    path("", include("partners.urls")),
    path("", include("procurement.web.urls")),
]
handler404 = "workflow.doors.middleware.not_found"
handler500 = "workflow.doors.middleware.server_error"
