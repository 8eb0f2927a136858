"""URLs of allocations, candidates, allocation plans and the criteria of a need."""

from django.urls import path

from procurement.allocations.candidates.views import lead_candidates, need_candidates
from procurement.allocations.plans.views import (
    add_allocation_plan,
    allocation_plan_detail,
    allocation_plan_move,
    allocation_plans,
    change_allocation_plan_row,
    compare_allocation_plans,
)
from procurement.allocations.views import (
    allocate_offers,
    allocation_criteria_page,
    allocation_detail,
    allocation_move,
    allocations,
)

urlpatterns = [
    path("needs/<slug:reference>/lines/<int:number>/criteria/", allocation_criteria_page, name="criteria"),
    path("needs/<slug:reference>/allocate/", allocate_offers, name="allocate"),
    path("needs/<slug:reference>/candidates/", need_candidates, name="need_candidates"),
    path("leads/<slug:reference>/needs/", lead_candidates, name="lead_candidates"),
    path("allocation-plans/", allocation_plans, name="allocation_plans"),
    path("allocation-plans/new/", add_allocation_plan, name="add_allocation_plan"),
    path("allocation-plans/compare/", compare_allocation_plans, name="compare_allocation_plans"),
    path("allocation-plans/<slug:reference>/", allocation_plan_detail, name="allocation_plan"),
    path(
        "allocation-plans/<slug:reference>/rows/<int:number>/",
        change_allocation_plan_row,
        name="change_allocation_plan_row",
    ),
    path("allocation-plans/<slug:reference>/<slug:verb>/", allocation_plan_move, name="allocation_plan_move"),
    path("allocations/", allocations, name="allocations"),
    path("allocations/<slug:reference>/", allocation_detail, name="allocation"),
    path("allocations/<slug:reference>/<slug:verb>/", allocation_move, name="allocation_move"),
]
