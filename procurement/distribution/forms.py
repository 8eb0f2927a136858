"""Form for a distribution of pieces of a lot."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from partners.contacts.models import Organization
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.quality.models import Lot
from workflow import clock
from workflow.http.forms import DayField, QuantityField


class DistributionForm(forms.Form):
    """Form for a distribution of pieces of a lot."""

    def __init__(self, data: Any, lot: Lot) -> None:
        super().__init__(data)
        organizations = Organization.objects.filter(city=lot.city_id).select_related("city")
        self.fields["organization"] = forms.ModelChoiceField(
            organizations.order_by("name_en", "pk"),
            label=_("Organization"),
            required=False,
            empty_label=_("Another place (enter it below)"),
        )
        self.fields["place"] = forms.CharField(label=_("Place"), max_length=200, required=False)
        self.fields["receiver"] = forms.ChoiceField(
            label=_("Who will use the goods"),
            choices=[("", _("Not stated")), *EndUserType.choices],
            required=False,
            help_text=_(
                "This answer determines which units count for duty relief. If you leave it blank, the type of "
                "organization is used."
            ),
        )
        self.fields["name"] = forms.CharField(
            label=_("On-site contact"),
            max_length=150,
            required=False,
            help_text=_(
                "If you enter an email address, this person is notified as soon as the lot is recalled."
            ),
        )
        self.fields["email"] = forms.EmailField(label=_("Email"), required=False)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=Language.choices, initial=get_language(), required=False
        )
        self.fields["quantity"] = QuantityField(label=_("Units"), min_value=1)
        self.fields["distributed_on"] = DayField(
            label=_("Distributed on"), initial=lot.city.day_at(clock.now())
        )
        self.order_fields(("organization", "place", "receiver", "quantity", "distributed_on"))
