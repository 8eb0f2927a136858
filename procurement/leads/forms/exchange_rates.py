"""Form of an exchange rate that an officer enters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.form_fields import CurrencyField
from workflow.http.forms import DayField, MoneyField


class RateForm(forms.Form):
    """Form for the value of one unit of a currency in another currency on a day."""

    currency = CurrencyField(label=_("From currency"))
    rate = MoneyField(label=_("Value of one unit"), max_digits=18, decimal_places=8)
    into = CurrencyField(label=_("To currency"))
    on = DayField(label=_("Date"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("For example, a central bank, a newspaper or a link.")
    )
