"""URL patterns of the whole product."""

from django.contrib import admin
from django.urls import include, path

from workflow.http import health
from workflow.http.metrics import metrics_page

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("healthz/background", health.background_health, name="background_health"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("procurement.api_urls")),
    path("", include("workflow.http.urls")),
    path("", include("accounts.urls")),
    path("", include("partners.urls")),
    path("", include("procurement.urls")),
]
handler404 = "workflow.http.middleware.not_found"
handler500 = "workflow.http.middleware.server_error"
