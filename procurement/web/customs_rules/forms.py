"""The forms by which a coordinator keeps a rule or a relief: what it says, a confirmation, an end, a return to the file."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Confidence, Receiver
from procurement.catalogue.models.products import Product, ProductMarket
from procurement.shipments.models.shipment import Shipment
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField

ALIKE = ("valid_from", "valid_to", "seen_on", "confidence", "source_urls")
HELP = {
    "families": _("None: any goods, or those named beneath."),
    "products": _("Codes, parted by spaces, beside the families."),
    "hs_numbers": _("Beginnings, parted by spaces. None: any."),
    "satisfied_by": _("Codes of kinds, parted by spaces; any one of them is the paper."),
    "source_urls": _("One a line: an address, or the name of a document."),
    "origin": _("Two letters; nothing for any."),
    "destination": _("Two letters, EU for all its members; nothing for any."),
    "seen_on": _("The latest day on which a source shows it in force."),
}


class Parts(forms.CharField):
    """A list typed as text, parted by spaces and commas or by lines."""

    def __init__(self, part: Callable[[str], list[str]], joined: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part, self.joined = part, joined

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return self.joined.join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The parts."""
        return self.part(super().clean(value))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace("|", " ").split()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _codes(label: Any) -> Parts:
    return Parts(_words, " ", label=label, required=False, max_length=3000)


def _ticks(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


class Kept(Edit, forms.ModelForm):  # type: ignore[type-arg]  # of either model
    """What a rule or a relief says, and why it is changed. Judged by the action; the form reads."""

    source_urls = Parts(
        _lines,
        "\n",
        label=_("sources"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=6000,
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
        help_text=_("It stays in the history."),
    )
    days: ClassVar[tuple[str, ...]] = ("valid_from", "valid_to", "seen_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = capfirst(field.label)
            if name != "reason":
                field.help_text = HELP.get(name, "")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        for name in self.days:
            self.fields[name] = DayField(
                label=capfirst(self._meta.model._meta.get_field(name).verbose_name),
                required=False,
                help_text=HELP.get(name, ""),
            )
        self.order_fields([name for name in self.fields if name != "reason"])
        if self.instance.pk:
            self.fields.pop("code", None)

    @property
    def facts(self) -> dict[str, Any]:
        """The columns as they were sent; a list that holds the same in another order is what it was."""
        sent = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        for name, value in sent.items():
            stood = getattr(self.instance, name)
            if isinstance(value, list) and sorted(value) == sorted(stood):
                sent[name] = stood
        return sent

    def _post_clean(self) -> None:
        """The row is put together by the action, which refuses by field: the row that is shown stays as it was."""


class RuleForm(Kept):
    """A customs rule."""

    families = _ticks(_("families of goods"), Product.Family.choices)
    products = _codes(_("goods"))
    hs_numbers = _codes(_("customs codes"))
    device_classes = _ticks(_("device classes"), ProductMarket.DeviceClass.choices)
    consignees = _ticks(_("receivers"), Receiver.choices)
    modes = _ticks(_("modes"), Shipment.Mode.choices)
    satisfied_by = _codes(_("certificates that are the paper"))

    class Meta:
        model = CustomsRule
        fields = (
            *("code", "sort", "paper", "name_en", "name_fr", "name_zh", "why_en", "why_fr", "why_zh"),
            *(
                "origin",
                "destination",
                "side",
                "owner",
                "due_before",
                "effect",
                "families",
                "products",
                "hs_numbers",
            ),
            *("device_classes", "use", "dealing", "consignees", "modes", "satisfied_by", "position", *ALIKE),
        )


class ReliefForm(Kept):
    """A relief from duty or tax."""

    days = (*Kept.days, "later_from")
    importers = _ticks(_("importers"), Receiver.choices)
    later_importers = _ticks(_("importers added later"), Receiver.choices)
    hs_numbers = _codes(_("customs codes"))

    class Meta:
        model = DutyRelief
        fields = (
            *(
                "code",
                "name_en",
                "name_fr",
                "name_zh",
                "country",
                "basis",
                "authorisation",
                "tariff_treatment",
            ),
            *(
                "importers",
                "later_importers",
                "later_from",
                "dealing",
                "relieves_duty",
                "relieves_tax",
                "hs_numbers",
            ),
            *("condition_en", "condition_fr", "condition_zh", "needs_end_use", *ALIKE),
        )


class Source(forms.Form):
    """Where somebody looked."""

    source = forms.CharField(
        label=_("Source"), max_length=600, help_text=_("An address (https://…) or the name of a document.")
    )


class Confirm(Source):
    """That a rule is still in force today."""

    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=[(one.value, one.label) for one in (Confidence.FIRM, Confidence.WEAK)],
        help_text=_(
            "Firm: an official text, or several sources that agree. Weak: one page that tells of it."
        ),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_WORDS
    )


class End(Source):
    """The last day a rule was in force."""

    on = DayField(label=_("Last day in force"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_WORDS
    )


class Follow(forms.Form):
    """Why what was changed by hand is given up."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_WORDS
    )
