"""URLs of suppliers and of the facts about them."""

from django.urls import path

from procurement.suppliers.portal import confirm_phone_by_link
from procurement.suppliers.views.bank_accounts import account_move, add_account, bank_account_redirect
from procurement.suppliers.views.certificates import add_certificate, certificate_detail, certificate_move
from procurement.suppliers.views.changes import supplier_change_detail, supplier_change_move
from procurement.suppliers.views.deliveries import deliveries
from procurement.suppliers.views.facts import add_fact, fact_move, supplier_fact_redirect
from procurement.suppliers.views.interests import interest_detail, interest_move, interests, new_interest
from procurement.suppliers.views.register_lookups import add_lookup, lookup_move, register_lookup_detail
from procurement.suppliers.views.statuses import set_supplier_status, supplier_status_detail
from procurement.suppliers.views.suppliers import new_supplier, supplier_detail, supplier_move, suppliers

urlpatterns = [
    path("c/<slug:reference>/phone/", confirm_phone_by_link, name="portal_phone"),
    path("suppliers/<slug:reference>/accounts/new/", add_account, name="add_account"),
    path("bank-accounts/<int:pk>/", bank_account_redirect, name="bank_account"),
    path("bank-accounts/<int:pk>/<slug:verb>/", account_move, name="bank_account_move"),
    path("suppliers/<slug:reference>/certificates/new/", add_certificate, name="add_certificate"),
    path("certificates/<slug:reference>/", certificate_detail, name="certificate"),
    path("certificates/<slug:reference>/<slug:verb>/", certificate_move, name="certificate_move"),
    path("supplier-changes/<slug:reference>/", supplier_change_detail, name="supplier_change"),
    path("supplier-changes/<slug:reference>/<slug:verb>/", supplier_change_move, name="supplier_change_move"),
    path("suppliers/", suppliers, name="suppliers"),
    path("suppliers/new/", new_supplier, name="add_supplier"),
    path("suppliers/<slug:reference>/", supplier_detail, name="supplier"),
    path("suppliers/<slug:reference>/deliveries/", deliveries, name="supplier_deliveries"),
    path("suppliers/<slug:reference>/status/", set_supplier_status, name="set_supplier_status"),
    path("suppliers/<slug:reference>/<slug:verb>/", supplier_move, name="supplier_move"),
    path("suppliers/<slug:reference>/facts/new/", add_fact, name="add_fact"),
    path("supplier-facts/<int:pk>/", supplier_fact_redirect, name="supplier_fact"),
    path("supplier-facts/<int:pk>/<slug:verb>/", fact_move, name="supplier_fact_move"),
    path("suppliers/<slug:reference>/register-lookups/new/", add_lookup, name="add_register_lookup"),
    path("register-lookups/<slug:reference>/", register_lookup_detail, name="register_lookup"),
    path("register-lookups/<slug:reference>/<slug:verb>/", lookup_move, name="register_lookup_move"),
    path("supplier-statuses/<int:pk>/", supplier_status_detail, name="supplier_status"),
    path("interests/", interests, name="interests"),
    path("interests/<int:pk>/", interest_detail, name="interest"),
    path("interests/in/<slug:reference>/", new_interest, name="declare_interest"),
    path("interests/<int:pk>/<slug:verb>/", interest_move, name="interest_move"),
]
