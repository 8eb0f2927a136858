"""Form that filters the page of all rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_SEARCH_LENGTH = 100  # characters of a search


class RulebookFilterForm(forms.Form):
    """Form that searches the rules."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=MAX_SEARCH_LENGTH,
        help_text=_("Words in the rule, its finding text or its source."),
    )
