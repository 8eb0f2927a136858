"""URLs of the catalogue: customs rules, required documents and certificate types."""

from django.urls import path

from procurement.catalogue.views.certificate_types import certificate_type_detail, certificate_types
from procurement.catalogue.views.customs_rules import customs_rule_detail, customs_rules
from procurement.catalogue.views.edit_rule import edit_rule, new_rule
from procurement.catalogue.views.required_documents import required_documents

urlpatterns = [
    path("certificate-types/", certificate_types, name="certificate_types"),
    path("certificate-types/<slug:code>/", certificate_type_detail, name="certificate_type"),
    path("rules/customs/", customs_rules, name="customs_rules"),
    path("rules/customs/new/", new_rule, {"kind": "customs"}, name="add_customs_rule"),
    path("rules/customs/<slug:code>/", customs_rule_detail, {"kind": "customs"}, name="customs_rule"),
    path("rules/reliefs/new/", new_rule, {"kind": "reliefs"}, name="add_duty_relief"),
    path("rules/reliefs/<slug:code>/", customs_rule_detail, {"kind": "reliefs"}, name="duty_relief"),
    path("rules/documents/", required_documents, name="required_documents"),
    path("rules/customs/<slug:code>/<slug:mode>/", edit_rule, {"kind": "customs"}, name="edit_customs_rule"),
    path("rules/reliefs/<slug:code>/<slug:mode>/", edit_rule, {"kind": "reliefs"}, name="edit_duty_relief"),
]
