"""A form that fills itself in says what its author read, or its values are a proposal: nothing stored is written over by it."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django import forms

from tests.architecture.sources import ROOT
from workflow.doors.editing import Edit

WEB = [ROOT / room for room in ("accounts/web", "partners/web", "procurement/web", "workflow/doors")]
# Forms that propose values for something new, and why none of them writes over what another person stored.
PROPOSALS = {
    "accounts.web.forms.AddPasskey": "a name for a new passkey",
    "accounts.web.join.JoinForm": "asked once, of the person who was invited",
    "accounts.web.tokens.TokenForm": "a new token",
    "partners.web.claims.Says": "a new source",
    "partners.web.corrections.Proposal": "a proposal, decided by another person",
    "partners.web.imports.columns.Match": "a step that can be made once",
    "partners.web.imports.places.Answers": "only what was chosen is sent",
    "partners.web.ties.Resumption": "a step that can be made once",
    "procurement.web.after.packs.Messages": "sent once",
    "procurement.web.after.reliefs.Repayment": "a step that can be made once",
    "procurement.web.asking.by_phone.PhoneNote": "a new note",
    "procurement.web.asking.letters.BothTexts": "a draft of a new message",
    "procurement.web.asking.next_person.NextPerson": "a new question",
    "procurement.web.contact_pages.handing_in.page.HandIn": "a new version of a paper",
    "procurement.web.contact_pages.offer.Offer": "a new offer",
    "procurement.web.contact_pages.report.Answers": "a new report",
    "procurement.web.customs_rules.keeping.Confirm": "a new confirmation",
    "procurement.web.leads.rates.RateForm": "a new rate",
    "procurement.web.lists.upload.Upload": "a new edition of a list",
    "procurement.web.network.untapped.Choice": "asks, and stores nothing",
    "procurement.web.orders.writing.Choose": "a new order",
    "procurement.web.shipments.arrival.Counting": "a new counting",
    "procurement.web.shipments.customs.Number": "a step that can be made once",
    "procurement.web.shipments.dock.cartons.Seen": "a new look at a carton",
    "procurement.web.shipments.dock.cases.Settlement": "a step that can be made once",
    "procurement.web.shipments.dock.finishing.Finish": "a new counting",
    "procurement.web.shipments.handing.calls.Whom": "a new call for papers",
    "procurement.web.shipments.inspecting.Inspected": "a new inspection",
    "procurement.web.shipments.lots.HandingOut": "a new hand-out",
    "procurement.web.shipments.planning.Pack": "a step that can be made once",
    "procurement.web.shipments.tracking.files.Again": "reads a file once more",
    "procurement.web.shipments.tracking.marks.Marked": "a new mark",
    "procurement.web.shipments.ways.moving.Back": "a new shipment",
    "procurement.web.shipments.ways.moving.Gone": "a new destruction",
    "procurement.web.suppliers.facts.Said": "a new source",
    "procurement.web.suppliers.lookups.Answered": "a new answer",
    "procurement.web.suppliers.standings.Judged": "a new judgement",
}


def modules() -> Iterator[ModuleType]:
    for folder in WEB:
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            yield import_module(name.removesuffix(".__init__"))


def filled_in(module: ModuleType) -> Iterator[tuple[str, type[forms.BaseForm]]]:
    """The forms of a module, or made in it, that are given values of their own which are no constants."""
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
    """Whether a value is written down in the code: no row has another."""
    if isinstance(value, ast.Dict | ast.List):
        return all(_is_constant(one) for one in (value.values if isinstance(value, ast.Dict) else value.elts))
    plain = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Attribute | ast.Name)
    return isinstance(value, ast.Constant) or (plain and ast.unparse(value)[0].isupper())


def found() -> dict[str, type[forms.BaseForm]]:
    return {name: form for module in modules() for name, form in filled_in(module)}


def test_every_form_that_fills_itself_in_says_what_its_author_read_or_is_a_proposal():
    others = {name for name, form in found().items() if not issubclass(form, Edit)}
    assert others == set(PROPOSALS)


@pytest.mark.parametrize("name", ["procurement.web.leads.facts.Facts", "partners.web.people.Details"])
def test_the_search_finds_forms_that_are_known_to_fill_themselves_in(name):
    assert issubclass(found()[name], Edit)
