"""What pages that say whether a paper is genuine ask for: the hash of a file that somebody holds."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _


class Hash(forms.Form):
    """The SHA-256 of a file somebody holds, as a program on their own machine told it."""

    sha256 = forms.CharField(
        label=_("SHA-256 of your file"),
        required=False,
        max_length=200,
        help_text=_("64 signs. Nothing is uploaded: your machine tells it, you paste it here."),
    )

    def clean_sha256(self) -> str:
        """Sixty-four signs, however they were parted and written."""
        said = re.sub(r"[\s:]", "", self.cleaned_data["sha256"]).lower()
        if said and not re.fullmatch(r"[0-9a-f]{64}", said):
            raise forms.ValidationError(
                _("A SHA-256 has 64 signs, 0 to 9 and a to f. Copy the whole of it."), code="no_hash"
            )
        return str(said)
