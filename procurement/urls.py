"""URLs of all packages of procurement. Each package names its own; the first match wins."""

from django.urls import include, path

PACKAGES = (
    *(
        "dashboard",
        "notifications",
        "exports",
        "outreach",
        "allocations",
        "requests",
        "suppliers",
        "sanctions",
    ),
    *("leads", "catalogue", "rulebook", "verification", "orders", "documents", "generated_documents"),
    *("distribution", "quality", "receiving", "tracking", "customs", "shipments", "thanks", "audit_files"),
    *("network", "portal", "practice"),
)

urlpatterns = [path("", include(f"procurement.{package}.urls")) for package in PACKAGES]
