"""Form of an exchange between two cities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.exchanges.models import Exchange
from partners.form_fields import SOURCE_URL_FIELD, CityField, PartialDateField
from workflow.http.forms import QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH


class ExchangeForm(forms.Form):
    """Form for an exchange between a city and another."""

    DIRECTION_CHOICES = (("from", _("Received from")), ("to", _("Sent to")))

    way = forms.ChoiceField(label=_("Direction"), choices=DIRECTION_CHOICES)
    partner = CityField(label=_("City"))
    kind = forms.ChoiceField(label=_("Type"), choices=Exchange.Kind)
    when = PartialDateField(label=_("When"))
    items = forms.CharField(label=_("Items"), required=False, max_length=300)
    quantity = QuantityField(label=_("Quantity"), required=False)
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=30, help_text=_("For example, piece, pair or CAD.")
    )
    source_url = SOURCE_URL_FIELD
    note = forms.CharField(
        label=_("Note"), required=False, max_length=MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
