"""URLs of checks, their reports, sheets and reuse."""

from django.urls import path

from procurement.verification.portal import (
    accept_checks_by_link,
    add_report_photo,
    check_sheet_by_link,
    decline_checks_by_link,
    pass_checks_to_colleague,
    report_page,
    transfer_report_draft,
)
from procurement.verification.views.assign import assign_check
from procurement.verification.views.check_sheet import check_sheet
from procurement.verification.views.checks import check_detail, check_move, checks, checks_of_lead
from procurement.verification.views.lead_checks import assign_checks, decide_reports
from procurement.verification.views.reuse import check_reuse_detail, request_check_reuse, reuse_move

urlpatterns = [
    path("c/<slug:reference>/", report_page, name="portal_check"),
    path("c/<slug:reference>/take/", accept_checks_by_link, name="portal_accept_check"),
    path("c/<slug:reference>/cannot/", decline_checks_by_link, name="portal_decline_check"),
    path("c/<slug:reference>/colleague/", pass_checks_to_colleague, name="portal_check_colleague"),
    path("c/<slug:reference>/photo/", add_report_photo, name="portal_check_photo"),
    path("c/<slug:reference>/draft/", transfer_report_draft, name="portal_check_draft"),
    path("c/<slug:reference>/sheet/", check_sheet_by_link, name="portal_check_sheet"),
    path("checks/<slug:reference>/assign/", assign_check, name="assign_check"),
    path("checks/of/<slug:reference>/", checks_of_lead, name="checks_of_lead"),
    path("checks/of/<slug:reference>/assign/", assign_checks, name="assign_checks"),
    path("checks/of/<slug:reference>/reports/", decide_reports, name="decide_reports"),
    path("checks/<slug:reference>/ask-another-city/", request_check_reuse, name="ask_for_reuse"),
    path("check-reuses/<slug:reference>/", check_reuse_detail, name="check_reuse"),
    path("check-reuses/<slug:reference>/<slug:verb>/", reuse_move, name="check_reuse_move"),
    path("checks/<slug:reference>/sheet/", check_sheet, name="check_sheet"),
    path("checks/", checks, name="checks"),
    path("checks/<slug:reference>/", check_detail, name="check"),
    path("checks/<slug:reference>/<slug:verb>/", check_move, name="check_move"),
]
