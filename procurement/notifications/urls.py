"""URLs of the reader's notifications, of the log of sent mail, and of mail events from the provider."""

from django.urls import path

from procurement.notifications.views.notifications import (
    change_notice,
    list_notices,
    read_notices,
    seen_thing,
)
from procurement.notifications.views.outbox import mail_events

urlpatterns = [
    path("mail-events/", mail_events, name="mail_events"),
    path("notifications/", list_notices, name="notifications"),
    path("notifications/read/", read_notices, name="read_notifications"),
    path("notifications/seen/<str:label>/<int:pk>/", seen_thing, name="seen_thing"),
    path("notifications/<int:pk>/<slug:verb>/", change_notice, name="change_notification"),
]
