"""The forms that change stored data, with their pages, the people who open them, and the fields that two people change."""

from typing import NamedTuple

from accounts.views.account import ProfileForm
from accounts.views.notification_preferences import NotificationPreferencesForm
from partners.agreements.forms import CorrectAgreementForm, RenewAgreementForm
from partners.cities.forms import EditCityForm
from partners.contacts.forms import AbsenceForm, ContactForm, OwnDetailsForm
from partners.memberships.views.approvals import (
    ApprovalLimitForm,
    NeedApprovalForm,
    OfferValidityForm,
    PurchaseDetailsForm,
)
from procurement.catalogue.forms import CustomsRuleForm
from procurement.customs.duty_relief.forms import CorrectClaimForm
from procurement.leads.forms.contact_offers import OwnOfferForm
from procurement.leads.forms.leads import LeadFactsForm
from procurement.orders.forms import ConfirmationEditForm, OrderTermsEditForm, PaymentSharesForm
from procurement.orders.payments.views import DueDateForm
from procurement.outreach.forms import InquiryEditForm
from procurement.receiving.forms import DiscrepancyAnswerForm, SenderAnswerForm
from procurement.requests.forms import (
    ChangeRequestForm,
    LineForm,
    NeedProductForm,
    NeedQuantityForm,
    NeedVisibilityForm,
    StandardsForm,
)
from procurement.shipments.form_fields import PlannedTimesForm
from procurement.shipments.forms import RerouteShipmentForm, TransportForm
from procurement.suppliers.forms.certificates import AmendCertificateForm
from procurement.suppliers.forms.suppliers import CorrectSupplierForm
from procurement.thanks.forms import ArrivalPhotoForm
from procurement.webhooks.forms import WebhookEditForm
from workflow.http import move_forms
from workflow.http.edit_forms import EditForm

type Typed = dict[str, str]


class Editing(NamedTuple):
    """Form that two people use: how each opens it, what each writes, and how both overwrite one field."""

    form: type[EditForm]
    where: str
    first: Typed
    second: Typed  # another field; empty where the form has one field only
    who: str = "officer"
    also: str = "second_officer"
    always: Typed = {}  # fields that the form requires each time: a reason
    clash: (
        Typed | None
    ) = {}  # second person's value for the first field, where it cannot be any text; None if
    # the field has no third value


def move_url(thing: str, verb: str) -> str:
    """Return the address of a move's form."""
    return f"{thing} {verb}/"


EDITS = [
    Editing(
        LeadFactsForm,
        move_url("lead", "change"),
        {"stock_quantity": "33,000"},
        {"remark": "Stored in Foshan."},
    ),
    Editing(
        LeadFactsForm, move_url("lead", "change"), {"unit_price": "0.71"}, {"payment_terms": "In 30 days."}
    ),
    Editing(OwnOfferForm, "own_offer by link", {"stock_quantity": "33,000"}, {"remark": "Stored in Foshan."}),
    Editing(OwnOfferForm, "own_offer by link", {"unit_price": "0.71"}, {"available_until": "2020-05-02"}),
    Editing(
        ChangeRequestForm,
        move_url("need", "edit"),
        {"quantity{line}": "8,500"},
        {"notes": "Ring the bell."},
        always={"reason": "A ward was added."},
    ),
    Editing(
        LineForm,
        move_url("need", "lines/{line}"),
        {"quantity": "9,100"},
        {"days_left": "12"},
        always={"reason": "A ward was added."},
    ),
    Editing(
        NeedProductForm,
        move_url("draft", "write/1"),
        {"title": "Surgical masks"},
        {"facility_kinds": "clinic"},
    ),
    Editing(NeedQuantityForm, move_url("draft", "write/2"), {"quantity": "700"}, {"deliver_locode": "CAVAN"}),
    Editing(
        StandardsForm,
        move_url("draft", "write/3"),
        {"standards": "ASTM F2100 Level 2"},
        {"alternative_1": "RESP_KN95"},
        clash=None,
    ),
    Editing(
        NeedVisibilityForm,
        move_url("draft", "write/4"),
        {"visibility": "network"},
        {"notes": "By the back door."},
    ),
    Editing(
        OrderTermsEditForm,
        move_url("order", "edit"),
        {"extra_costs": "1,250.50"},
        {"incoterm_place": "Foshan"},
    ),
    Editing(
        ConfirmationEditForm,
        move_url("confirmed order", "correct_confirmation"),
        {"supplier_reference": "KH-2020-71"},
        {"confirmed_by_name": "Chen Min"},
    ),
    Editing(
        PaymentSharesForm,
        move_url("order", "share"),
        {"deposit": "20", "against_documents": "45", "after_inspection": "35"},
        {"deposit_reason": "The maker is new."},
        clash={"deposit": "10", "against_documents": "50", "after_inspection": "40"},
    ),
    Editing(
        DueDateForm,
        move_url("payment", "set_due"),
        {"due_on": "2020-05-09"},
        {},
        always={"reason": "Agreed."},
    ),
    Editing(
        TransportForm,
        move_url("shipment", "edit"),
        {"carrier": "Cathay"},
        {"gross_kg": "812.5"},
        "logistics",
        "logistics",
    ),
    Editing(
        PlannedTimesForm,
        move_url("shipment", "schedule"),
        {"planned_departure": "2020-04-20 10:00"},
        {"planned_delivery": "2020-04-29 09:00"},
        "logistics",
        "logistics",
    ),
    Editing(
        RerouteShipmentForm,
        move_url("shipment", "reroute"),
        {"destination": "CAYYZ"},
        {"via": "KRICN"},
        "logistics",
        "logistics",
        {"reason": "The airport is closed."},
        {"destination": "CAYUL"},
    ),
    Editing(SenderAnswerForm, move_url("case", "answer"), {"answer": "They were whole."}, {}),
    Editing(DiscrepancyAnswerForm, "case by link", {"answer": "They were whole."}, {}),
    Editing(
        CorrectClaimForm,
        move_url("claim", "correct"),
        {"value": "4,000.00"},
        {"number": "73-2530"},
        "logistics",
        "logistics",
        {"reason": "Misread."},
    ),
    Editing(
        ArrivalPhotoForm,
        move_url("pack", "choose"),
        {"photo": "{photo}", "shows_no_person": "on"},
        {},
        clash={"photo": "{other}", "shows_no_person": "on"},
    ),
    Editing(
        CorrectSupplierForm,
        move_url("supplier", "correct"),
        {"name_en": "Kanghu DEMO"},
        {"phone": "+86 760 1111"},
    ),
    Editing(
        AmendCertificateForm,
        move_url("certificate", "amend"),
        {"holder": "Kanghu"},
        {"issued_on": "2020-01-02"},
    ),
    Editing(
        ContactForm,
        move_url("contact", "correct"),
        {"phone": "+86 760 2222"},
        {"title": "Director"},
        who="keeper",
        also="keeper",
    ),
    Editing(
        WebhookEditForm,
        move_url("webhook", "edit"),
        {"description": "Warehouse"},
        {"url": "https://93.184.216.34/other"},
        who="manager",
        also="manager",
    ),
    Editing(
        AbsenceForm, move_url("contact", "go_away"), {"until": "2020-05-02"}, {}, who="keeper", also="keeper"
    ),
    Editing(OwnDetailsForm, "contact by link", {"wechat": "liwei"}, {"task_limit": "3"}),
    Editing(
        EditCityForm,
        move_url("city", "edit"),
        {"name_fr": "Burnaby sur Fraser"},
        {"population": "250,000"},
        who="coordinator",
        also="coordinator",
        always={"reason": "Read."},
    ),
    Editing(
        CorrectAgreementForm,
        move_url("agreement", "correct"),
        {"note": "Renewed at a dinner."},
        {"expires": "2031"},
        who="coordinator",
        also="coordinator",
        always={"reason": "Read."},
    ),
    Editing(
        RenewAgreementForm,
        move_url("agreement", "renew"),
        {"source_url": "https://city.example/a"},
        {},
        "coordinator",
        "coordinator",
        {"reason": "Read."},
        {"source_url": "https://city.example/b"},
    ),
    Editing(
        CustomsRuleForm,
        "rule change/",
        {"why_en": "Wards run short."},
        {"position": "7"},
        "coordinator",
        "coordinator",
        {"reason": "Read anew."},
    ),
    Editing(
        ApprovalLimitForm,
        "/cities/burnaby/limits/",
        {"limit": "90,000.00"},
        {},
        "manager",
        "manager",
        {"reason": "Council."},
    ),
    Editing(
        NeedApprovalForm,
        "/cities/burnaby/limits/needs/",
        {"need_approval": "always"},
        {},
        "manager",
        "manager",
        {"reason": "Council."},
        {"need_approval": "above", "limit": "5000"},
    ),
    Editing(
        OfferValidityForm,
        "/cities/burnaby/limits/",
        {"validity_days": "21"},
        {},
        "manager",
        "manager",
        clash={"validity_days": "14"},
    ),
    Editing(
        PurchaseDetailsForm,
        "/cities/burnaby/limits/",
        {"registration_number": "10123 4567 RM0001"},
        {"purchase_conditions": "Paid within thirty days."},
        "manager",
        "manager",
    ),
    Editing(ProfileForm, "/account/", {"name": "Zoe Chan"}, {"time_zone": "America/Toronto"}, also="officer"),
    Editing(
        NotificationPreferencesForm,
        "/account/notifications/",
        {"{first}": "off"},
        {"{second}": "off"},
        also="officer",
    ),
    Editing(
        InquiryEditForm,
        move_url("question", "revise"),
        {"subject": "口罩需求"},
        {"chosen_because": "Knows the makers."},
    ),
    Editing(move_forms.DueDateForm, move_url("asked", "redate"), {"due_at": "2020-04-28 10:00"}, {}),
]
