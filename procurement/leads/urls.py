"""URLs of offers, their comparison, prices and findings, and of exchange rates."""

from django.urls import path

from procurement.leads.portal import (
    correct_offer,
    extend_offer,
    inquiry_link_required,
    message_about_offer,
    own_page_link_required,
    withdraw_offer,
)
from procurement.leads.views.compare import compare_leads
from procurement.leads.views.exchange_rates import (
    exchange_rate_detail,
    exchange_rate_list,
    new_rate,
    rate_move,
)
from procurement.leads.views.findings import answer_findings, finding_move, finding_redirect
from procurement.leads.views.leads import enter_lead, lead_detail, lead_list, lead_move
from procurement.leads.views.price_check import lead_prices

urlpatterns = [
    path("manual-rates/", exchange_rate_list, name="manual_rates"),
    path("manual-rates/new/", new_rate, name="add_manual_rate"),
    path("manual-rates/<slug:reference>/", exchange_rate_detail, name="manual_rate"),
    path("manual-rates/<slug:reference>/<slug:verb>/", rate_move, name="manual_rate_move"),
    path("a/<slug:reference>/offers/<slug:lead>/", inquiry_link_required(correct_offer), name="portal_offer"),
    path(
        "a/<slug:reference>/offers/<slug:lead>/withdraw/",
        inquiry_link_required(withdraw_offer),
        name="portal_withdraw_offer",
    ),
    path(
        "a/<slug:reference>/offers/<slug:lead>/valid/",
        inquiry_link_required(extend_offer),
        name="portal_extend_offer",
    ),
    path(
        "a/<slug:reference>/offers/<slug:lead>/tell/",
        inquiry_link_required(message_about_offer),
        name="portal_tell_about_offer",
    ),
    path("me/<int:pk>/offers/<slug:lead>/", own_page_link_required(correct_offer), name="my_offer"),
    path(
        "me/<int:pk>/offers/<slug:lead>/withdraw/",
        own_page_link_required(withdraw_offer),
        name="my_withdraw_offer",
    ),
    path(
        "me/<int:pk>/offers/<slug:lead>/valid/", own_page_link_required(extend_offer), name="my_extend_offer"
    ),
    path(
        "me/<int:pk>/offers/<slug:lead>/tell/",
        own_page_link_required(message_about_offer),
        name="my_tell_about_offer",
    ),
    path("leads/compare/", compare_leads, name="compare_leads"),
    path("findings/<slug:reference>/", finding_redirect, name="finding"),
    path("findings/<slug:reference>/<slug:verb>/", finding_move, name="finding_move"),
    path("leads/", lead_list, name="leads"),
    path("leads/new/", enter_lead, name="add_lead"),
    path("leads/<slug:reference>/", lead_detail, name="lead"),
    path("leads/<slug:reference>/prices/", lead_prices, name="lead_prices"),
    path("leads/<slug:reference>/findings/", answer_findings, name="answer_findings"),
    path("leads/<slug:reference>/<slug:verb>/", lead_move, name="lead_move"),
]
