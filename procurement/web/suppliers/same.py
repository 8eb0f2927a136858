"""Before a company is saved: the rows it may be, of which somebody chooses one or says why it is another. For every form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.suppliers.actions.likely import PossibleDuplicate, find_duplicates
from procurement.suppliers.models.company import Supplier
from workflow.errors import Words

ANOTHER = "another"
WHY: dict[str, Words] = {
    "number": _("the same company number"),
    "phone": _("the same phone"),
    "account": _("the same account"),
    "address": _("the same address"),
    "name": _("the same name"),
    "near": pgettext_lazy("of two companies", "nearly the same name"),
}


class Same(forms.Form):
    """Is it one of these, or another company, and why."""

    asked = forms.CharField(widget=forms.HiddenInput, initial="1")
    same_as = forms.ChoiceField(label=_("Is it one of these?"), widget=forms.RadioSelect)
    another_because = forms.CharField(
        label=_("If it is another: how do you know?"),
        max_length=300,
        required=False,
        help_text=_("It stands in the company’s history."),
    )

    def __init__(self, data: Any, known: list[PossibleDuplicate]) -> None:
        super().__init__(data if data and "asked" in data else None)
        self.companies = {one.company.reference: one.company for one in known}
        field = self.fields["same_as"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            *((one.company.reference, _told(one)) for one in known),
            (ANOTHER, _("Another company")),
        ]

    def clean(self) -> dict[str, Any]:
        """Whoever says that it is another says why."""
        facts = super().clean() or {}
        if facts.get("same_as") == ANOTHER and not facts.get("another_because", "").strip():
            self.add_error("another_because", _("Say how you know that it is another company."))
        return facts

    @property
    def company(self) -> Supplier | None:
        """The row that was chosen; None where it is another company."""
        return self.companies.get(self.cleaned_data["same_as"])


def _told(one: PossibleDuplicate) -> str:
    """A row as it stands among the choices: its names, its number, and what both have in common."""
    company = one.company
    names = " · ".join(name for name in (company.legal_name_local, company.name_en) if name)
    return f"{company.reference} {names}: {', '.join(str(WHY[why]) for why in one.why)}"


STRONG = frozenset(
    {"number", "phone", "name"}
)  # what a contact may be shown a listed company by: they share it with it


def asked(data: Any, company: Supplier, *, account: str = "", strong: bool = False) -> Same | None:
    """The question to put before a company is saved; None where no listed company is like it. `strong`: asked of a contact."""
    known = find_duplicates(company, account=account)
    if strong:
        known = [one for one in known if STRONG & set(one.why)]
    return Same(data, known) if known else None
