"""Forms of a row of the start page (“Today”): put it off until a day, or hand it over to a colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.http.forms import DayField


class PutOffForm(forms.Form):
    """Form for the day until which a row is put off."""

    until = DayField(label=_("Show again on"))


class HandOverForm(forms.Form):
    """Form for the colleague who gets a row, with a line of text."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    note = forms.CharField(label=_("Note to your colleague"), required=False, max_length=300)

    def __init__(self, data: Any, colleagues: Sequence[User]) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = User.objects.filter(pk__in=[one.pk for one in colleagues]).order_by("name", "pk")
