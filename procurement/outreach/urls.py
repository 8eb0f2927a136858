"""URLs of inquiries, their letters, templates and reminders, and of a contact's answer by link."""

from django.urls import path

from procurement.outreach.letter_templates.views import (
    letter_template_detail,
    letter_template_list,
    make_letter_template_move,
    write_letter_template,
)
from procurement.outreach.portal import (
    add_answer_photo,
    answer_confirmation,
    answer_inquiry,
    ask_city,
    consent_to_introduction,
    decline_inquiry_by_link,
    pass_to_colleague,
    reaffirm_answer,
    refuse_introduction,
    save_or_open_answer_draft,
    withdraw_introduction_consent,
)
from procurement.outreach.views.answer_preview import preview_answer_page
from procurement.outreach.views.ask_contacts import ask_contacts, new_inquiry
from procurement.outreach.views.ask_several import ask_several_contacts
from procurement.outreach.views.consents import consent_detail, consent_list, make_consent_move
from procurement.outreach.views.contact_list import contacts
from procurement.outreach.views.inquiries import (
    inquiry_detail,
    inquiry_list,
    inquiry_pdf,
    letter_with_link,
    make_inquiry_move,
)
from procurement.outreach.views.need_inquiries import copy_reminder_link, inquiry_inbox
from procurement.outreach.views.phone_replies import phone_offer
from procurement.outreach.views.reminders import edit_reminder
from procurement.outreach.views.sent_letters import thank_you_letter_pdf, verify_letter

urlpatterns = [
    path("i/<slug:reference>/", consent_to_introduction, name="portal_introduction"),
    path("i/<slug:reference>/rather-not/", refuse_introduction, name="portal_refuse_introduction"),
    path("i/<slug:reference>/withdraw/", withdraw_introduction_consent, name="portal_withdraw_consent"),
    path("consents/", consent_list, name="consents"),
    path("consents/<slug:reference>/", consent_detail, name="consent"),
    path("consents/<slug:reference>/<slug:verb>/", make_consent_move, name="consent_move"),
    path("inquiries/<slug:reference>/offer/", phone_offer, name="inquiry_offer"),
    path("contacts/", contacts, name="contacts"),
    path("inquiries/", inquiry_list, name="inquiries"),
    path("inquiries/<slug:reference>/", inquiry_detail, name="inquiry"),
    path("inquiries/<slug:reference>/letter/", inquiry_pdf, name="inquiry_letter"),
    path("inquiries/<slug:reference>/print/", letter_with_link, name="inquiry_print"),
    path("inquiries/<slug:reference>/<slug:verb>/", make_inquiry_move, name="inquiry_move"),
    path("letter-templates/", letter_template_list, name="letter_templates"),
    path("letter-templates/<slug:reference>/", letter_template_detail, name="letter_template"),
    path(
        "letter-templates/<slug:reference>/<slug:verb>/",
        make_letter_template_move,
        name="letter_template_move",
    ),
    path(
        "letter-templates/<slug:slug>/<slug:language>/write/",
        write_letter_template,
        name="write_letter_template",
    ),
    path("letter/<slug:code>/", verify_letter, name="verify_letter"),
    path("thanks/<int:pk>/", thank_you_letter_pdf, name="thank_you_letter"),
    path("needs/<slug:reference>/ask/", ask_contacts, name="ask"),
    path("needs/<slug:reference>/ask/write/", ask_several_contacts, name="ask_several"),
    path("needs/<slug:reference>/ask/<int:contact_id>/", new_inquiry, name="ask_contact"),
    path(
        "needs/<slug:reference>/ask/<int:contact_id>/page/", preview_answer_page, name="answer_page_preview"
    ),
    path("needs/<slug:reference>/inbox/", inquiry_inbox, name="inbox"),
    path("inbox/<slug:reference>/copy/", copy_reminder_link, name="copy_reminder_link"),
    path("inbox/<slug:reference>/words/", edit_reminder, name="reminder"),
    path("a/<slug:reference>/", answer_inquiry, name="portal_inquiry"),
    path("a/<slug:reference>/receipt/<slug:lead>/", answer_confirmation, name="portal_inquiry_receipt"),
    path("a/<slug:reference>/still-holds/", reaffirm_answer, name="portal_reaffirm"),
    path("a/<slug:reference>/question/", ask_city, name="portal_question"),
    path("a/<slug:reference>/cannot/", decline_inquiry_by_link, name="portal_decline_inquiry"),
    path("a/<slug:reference>/colleague/", pass_to_colleague, name="portal_inquiry_colleague"),
    path("a/<slug:reference>/draft/", save_or_open_answer_draft, name="portal_inquiry_draft"),
    path("a/<slug:reference>/photo/", add_answer_photo, name="portal_inquiry_photo"),
]
