"""Form that searches the mail of a practice site."""

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_SEARCH_LENGTH = 100  # characters of a search


class MailSearchForm(forms.Form):
    """Form that searches the outbox."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=MAX_SEARCH_LENGTH,
        help_text=_("Words in the subject, the address or the text."),
    )
