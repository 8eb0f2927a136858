"""URLs of a contact's own page, of the files behind links, and of links created on demand."""

from django.urls import path

from procurement.portal.contact_page import (
    contact_page,
    my_thank_you_letter,
    open_asked_request,
    record_absence,
    withdraw_own_consent,
)
from procurement.portal.files import (
    check_file,
    check_file_signed,
    inquiry_file,
    inquiry_file_signed,
    own_page_file,
    own_page_file_signed,
)
from procurement.portal.open_link import open_inquiry_form, open_report_form
from procurement.portal.unsolicited import open_unsolicited_offer_form, submit_unsolicited_offer

urlpatterns = [
    path("a/<slug:reference>/files/<slug:key>/", inquiry_file, name="portal_inquiry_file"),
    path(
        "a/<slug:reference>/files/<slug:key>/at/<str:signed>/",
        inquiry_file_signed,
        name="portal_inquiry_file_signed",
    ),
    path("c/<slug:reference>/files/<slug:key>/", check_file, name="portal_check_file"),
    path(
        "c/<slug:reference>/files/<slug:key>/at/<str:signed>/",
        check_file_signed,
        name="portal_check_file_signed",
    ),
    path("me/<int:pk>/files/<slug:key>/", own_page_file, name="my_uploaded_file"),
    path(
        "me/<int:pk>/files/<slug:key>/at/<str:signed>/", own_page_file_signed, name="my_uploaded_file_signed"
    ),
    path("me/<int:pk>/asked/", contact_page, name="my_requests"),
    path("me/<int:pk>/thanks/<int:letter>/", my_thank_you_letter, name="my_thank_you_letter"),
    path("me/<int:pk>/consents/<slug:reference>/withdraw/", withdraw_own_consent, name="my_withdraw_consent"),
    path("me/<int:pk>/away/", record_absence, name="my_absence"),
    path("me/<int:pk>/offer/<slug:kind>/", submit_unsolicited_offer, name="my_unsolicited_offer"),
    path("contacts/<int:pk>/offer/<slug:kind>/", open_unsolicited_offer_form, name="open_unsolicited_offer"),
    path("me/<int:pk>/open/<slug:reference>/", open_asked_request, name="my_request"),
    path("a/<slug:reference>/open/", open_inquiry_form, name="portal_open_inquiry"),
    path("c/<slug:reference>/open/", open_report_form, name="portal_open_check"),
]
