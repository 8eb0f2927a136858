"""URLs of offers, their comparison, prices and findings, and of exchange rates."""

from django.urls import path

from procurement.leads.portal import (
    correct_offer,
    extend_offer,
    message_about_offer,
    opened_by_inquiry_link,
    opened_by_own_page_link,
    withdraw_offer,
)
from procurement.leads.views.compare import compare_leads
from procurement.leads.views.exchange_rates import new_rate, rate, rate_move, rates
from procurement.leads.views.findings import answer_findings, finding, finding_move
from procurement.leads.views.leads import enter_lead, lead, lead_move, leads
from procurement.leads.views.price_check import lead_prices

urlpatterns = [
    path("manual-rates/", rates, name="manual_rates"),
    path("manual-rates/new/", new_rate, name="add_manual_rate"),
    path("manual-rates/<slug:reference>/", rate, name="manual_rate"),
    path("manual-rates/<slug:reference>/<slug:verb>/", rate_move, name="manual_rate_move"),
    path(
        "a/<slug:reference>/offers/<slug:lead>/", opened_by_inquiry_link(correct_offer), name="portal_offer"
    ),
    path(
        "a/<slug:reference>/offers/<slug:lead>/withdraw/",
        opened_by_inquiry_link(withdraw_offer),
        name="portal_withdraw_offer",
    ),
    path(
        "a/<slug:reference>/offers/<slug:lead>/valid/",
        opened_by_inquiry_link(extend_offer),
        name="portal_extend_offer",
    ),
    path(
        "a/<slug:reference>/offers/<slug:lead>/tell/",
        opened_by_inquiry_link(message_about_offer),
        name="portal_tell_about_offer",
    ),
    path("me/<int:pk>/offers/<slug:lead>/", opened_by_own_page_link(correct_offer), name="my_offer"),
    path(
        "me/<int:pk>/offers/<slug:lead>/withdraw/",
        opened_by_own_page_link(withdraw_offer),
        name="my_withdraw_offer",
    ),
    path(
        "me/<int:pk>/offers/<slug:lead>/valid/", opened_by_own_page_link(extend_offer), name="my_extend_offer"
    ),
    path(
        "me/<int:pk>/offers/<slug:lead>/tell/",
        opened_by_own_page_link(message_about_offer),
        name="my_tell_about_offer",
    ),
    path("leads/compare/", compare_leads, name="compare_leads"),
    path("findings/<slug:reference>/", finding, name="finding"),
    path("findings/<slug:reference>/<slug:verb>/", finding_move, name="finding_move"),
    path("leads/", leads, name="leads"),
    path("leads/new/", enter_lead, name="add_lead"),
    path("leads/<slug:reference>/", lead, name="lead"),
    path("leads/<slug:reference>/prices/", lead_prices, name="lead_prices"),
    path("leads/<slug:reference>/findings/", answer_findings, name="answer_findings"),
    path("leads/<slug:reference>/<slug:verb>/", lead_move, name="lead_move"),
]
