"""Form that filters the page of all rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 100  # characters of a search


class RulebookFilterForm(forms.Form):
    """Form that searches the rules."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST,
        help_text=_("Words in the rule, its finding text or its source."),
    )
