"""URLs of tracking: a file of events, a report by link, and the public tracking page."""

from django.urls import path

from procurement.tracking.portal import report_clearance, report_tracking
from procurement.tracking.views.import_events import import_tracking_events
from procurement.tracking.views.public_page import public_tracking_page

urlpatterns = [
    path("h/<slug:reference>/where/", report_tracking, name="portal_tracking"),
    path(
        "h/<slug:reference>/customs-clearances/<slug:clearance>/<slug:verb>/",
        report_clearance,
        name="portal_clearance",
    ),
    path("shipments/tracking-file/", import_tracking_events, name="import_tracking"),
    path("where/<slug:code>/", public_tracking_page, name="public_tracking"),
]
