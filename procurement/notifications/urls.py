"""URLs of the reader's notifications, of the log of sent mail, and of mail events from the provider."""

from django.urls import path

from procurement.notifications.views.mail_log import receive_mail_events
from procurement.notifications.views.notifications import (
    make_notification_move,
    mark_list_read,
    mark_object_read,
    notification_list,
)

urlpatterns = [
    path("mail-events/", receive_mail_events, name="mail_events"),
    path("notifications/", notification_list, name="notifications"),
    path("notifications/read/", mark_list_read, name="read_notifications"),
    path("notifications/seen/<str:label>/<int:pk>/", mark_object_read, name="mark_object_read"),
    path("notifications/<int:pk>/<slug:verb>/", make_notification_move, name="change_notification"),
]
