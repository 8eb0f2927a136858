"""URLs of the pages of a practice site, and of the style guide."""

from django.urls import path

from procurement.practice.styleguide import styleguide
from procurement.practice.views import (
    advance_clock_to_morning,
    mail_attachment,
    mail_source,
    practice_mail_detail,
    practice_mail_list,
    send_message_now,
)

urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("practice/next-morning/", advance_clock_to_morning, name="next_morning"),
    path("outbox/", practice_mail_list, name="outbox"),
    path("outbox/<slug:key>/", practice_mail_detail, name="practice_mail"),
    path("practice/outbox/<uuid:message>/send/", send_message_now, name="send_now"),
    path("practice/outbox/<slug:key>/", mail_source, name="mail_source"),
    path("practice/outbox/<slug:key>/<int:number>/", mail_attachment, name="mail_attachment"),
]
