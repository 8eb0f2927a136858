"""Form that filters the reader's notifications."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.notifications.categories import NotificationCategory


class NotificationFilterForm(forms.Form):
    """Form that filters the reader's notifications by state and kind."""

    show = forms.ChoiceField(
        label=pgettext_lazy("which notices", "Show"),
        required=False,
        choices=[
            ("", pgettext_lazy("which notices", "Open")),
            ("unread", pgettext_lazy("a notice", "Unread")),
            ("all", pgettext_lazy("which notices", "All, including settled")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("All types")), *NotificationCategory.choices]
    )
