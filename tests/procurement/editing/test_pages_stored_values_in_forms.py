"""Tests that no prefilled form overwrites stored data unseen.

Each such form carries the version its author read, or holds only proposed values.
"""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django import forms

from tests.architecture import sources
from tests.architecture.layout import is_page
from tests.architecture.sources import ROOT
from workflow.http.edit_forms import EditForm

# Forms that propose values for a new object, and why they overwrite nothing that another person stored.
PROPOSALS = {
    "accounts.forms.AddPasskeyForm": "a name for a new passkey",
    "accounts.views.invitations.JoinForm": "asked once, of the person who was invited",
    "accounts.views.tokens.TokenForm": "a new token",
    "partners.disputes.views.source_claims.SourceClaimForm": "a new source",
    "partners.corrections.forms.CorrectionForm": "a proposal, decided by another person",
    "partners.register_import.views.columns.MatchColumnsForm": "a step that can be made once",
    "partners.register_import.views.places.PlaceAnswersForm": "only what was chosen is sent",
    "partners.agreements.forms.ResumeAgreementForm": "a step that can be made once",
    "procurement.thanks.forms.ThankYouMessagesForm": "sent once",
    "procurement.customs.duty_relief.forms.RepaymentForm": "a step that can be made once",
    "procurement.outreach.forms.ConsentForm": "a step that can be made once",
    "procurement.outreach.forms.LineChoiceForm": "chooses what is asked, and stores nothing",
    "procurement.outreach.forms.PhoneReplyForm": "a new note",
    "procurement.outreach.forms.AnswerQuestionForm": "sent once",
    "procurement.outreach.forms.BilingualLetterForm": "a draft of a new message",
    "procurement.outreach.forms.CommonLetterForm": "drafts of new letters",
    "procurement.outreach.forms.NextContactForm": "a new question",
    "procurement.outreach.letter_templates.forms.LetterTemplateForm": "a new version, which names the one it replaces",
    "procurement.documents.portal.SubmitDocumentForm": "a new version of a paper",
    "procurement.documents.forms.FileAssignmentForm": "new versions of papers",
    "procurement.leads.forms.contact_offers.OfferForm": "a new offer",
    "procurement.verification.forms.CheckReportForm": "a new report",
    "procurement.verification.forms.AssignChecksForm": "a step that can be made once",
    "procurement.verification.portal.VisitDetailsForm": "a new report",
    "procurement.catalogue.views.edit_rule.ConfirmRuleForm": "a new confirmation",
    "procurement.leads.views.exchange_rates.RateForm": "a new rate",
    "procurement.sanctions.views.upload.WatchlistUploadForm": "a new edition of a list",
    "procurement.network.views.untapped_potential.CountryPairForm": "asks, and stores nothing",
    "procurement.requests.approval.forms.ApprovalForm": "names what was read; what was sent again since is refused",
    "procurement.orders.acknowledgements.forms.AcceptProposalForm": "names the answer that was read; a later one is refused",
    "procurement.orders.forms.NewOrderForm": "a new order",
    "procurement.orders.forms.OrderTermsForm": "the fields of a new order; the form that changes one is an edit",
    "procurement.orders.forms.ConfirmationForm": "a step that can be made once",
    "procurement.orders.forms.HoldForm": "a new hold, which replaces the one before",
    "procurement.webhooks.forms.ResendFailedEventsForm": "a step whose moment is not stored",
    "procurement.requests.forms.ReconfirmForm": "a new confirmation",
    "procurement.allocations.forms.QuantitiesForm": "a new allocation",
    "procurement.receiving.forms.GoodsReceiptForm": "a new counting",
    "procurement.receiving.forms.ReceiveAllForm": "a new counting",
    "procurement.documents.forms.DocumentNumberForm": "a step that can be made once",
    "procurement.receiving.views.cartons.CartonForm": "a new look at a carton",
    "procurement.receiving.forms.SettlementForm": "a step that can be made once",
    "procurement.receiving.forms.FinishCountForm": "a new counting",
    "procurement.documents.forms.DocumentRequestForm": "a new call for papers",
    "procurement.quality.forms.InspectionForm": "a new inspection",
    "procurement.distribution.forms.DistributionForm": "a new hand-out",
    "procurement.shipments.forms.PackCartonsForm": "a step that can be made once",
    "procurement.tracking.views.import_events.ConfirmFileForm": "reads a file once more",
    "procurement.tracking.forms.FlagEventForm": "a new mark",
    "procurement.shipments.forms.ReturnGoodsForm": "a new shipment",
    "procurement.receiving.forms.DestructionForm": "a new destruction",
    "procurement.suppliers.forms.facts.SupplierFactForm": "a new source",
    "procurement.suppliers.views.register_lookups.RegisterLookupForm": "a new answer",
    "procurement.suppliers.forms.statuses.SupplierStatusForm": "a new judgement",
}


def modules() -> Iterator[ModuleType]:
    for path in filter(is_page, sources.modules()):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        yield import_module(name.removesuffix(".__init__"))


def filled_in(module: ModuleType) -> Iterator[tuple[str, type[forms.BaseForm]]]:
    """Yield the forms of a module, or used in it, that get initial values other than constants."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text())
    owners: list[tuple[ast.AST, str]] = [
        (node, node.name) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    inside = {child: name for node, name in owners for child in ast.walk(node)}
    for node in ast.walk(tree):
        name = inside.get(node) or _called(node)
        form = getattr(module, name, None) if name else None
        if _gives_values(node) and isinstance(form, type) and issubclass(form, forms.BaseForm):
            yield f"{module.__name__}.{name}", form


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _gives_values(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return any(one.arg == "initial" and not _is_constant(one.value) for one in node.keywords)
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(one, ast.Attribute) and one.attr == "initial" for one in targets)


def _is_constant(value: ast.expr) -> bool:
    """Return True if the value is written in the code, so that no row has another one."""
    if isinstance(value, ast.Dict | ast.List):
        return all(_is_constant(one) for one in (value.values if isinstance(value, ast.Dict) else value.elts))
    plain = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Attribute | ast.Name)
    return isinstance(value, ast.Constant) or (plain and ast.unparse(value)[0].isupper())


def prefilled_forms() -> dict[str, type[forms.BaseForm]]:
    return {name: form for module in modules() for name, form in filled_in(module)}


def test_every_prefilled_form_states_the_version_read_or_is_a_proposal():
    others = {name for name, form in prefilled_forms().items() if not issubclass(form, EditForm)}
    assert others == set(PROPOSALS)


@pytest.mark.parametrize(
    "name", ["procurement.leads.forms.leads.LeadFactsForm", "partners.contacts.forms.ContactForm"]
)
def test_search_for_prefilled_forms_finds_known_ones(name):
    assert issubclass(prefilled_forms()[name], EditForm)
