"""URLs of the pages of a practice site, and of the style guide."""

from django.urls import path

from procurement.practice.styleguide import styleguide
from procurement.practice.views import (
    mail_attachment,
    mail_source,
    next_morning,
    practice_mail,
    practice_mails,
    send_now,
)

urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("practice/next-morning/", next_morning, name="next_morning"),
    path("outbox/", practice_mails, name="outbox"),
    path("outbox/<slug:key>/", practice_mail, name="practice_mail"),
    path("practice/outbox/<uuid:message>/send/", send_now, name="send_now"),
    path("practice/outbox/<slug:key>/", mail_source, name="mail_source"),
    path("practice/outbox/<slug:key>/<int:number>/", mail_attachment, name="mail_attachment"),
]
