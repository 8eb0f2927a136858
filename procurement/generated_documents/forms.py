"""Forms of generated documents: the kind to generate, and the hash of a file to compare."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.documents.models.generated_documents import GeneratedDocument


class GenerateForm(forms.Form):
    """Form that chooses a document, its order and its languages."""

    kind = forms.ChoiceField(choices=GeneratedDocument.Kind)
    language_pair = forms.ChoiceField(choices=GeneratedDocument.LanguagePair)
    order = forms.CharField(required=False, max_length=20)


class FileHashForm(forms.Form):
    """Form for the SHA-256 of a file, computed on the reader's own machine. No file is uploaded."""

    sha256 = forms.CharField(
        label=_("SHA-256 of your file"),
        required=False,
        max_length=200,
        help_text=_(
            "64 characters. Nothing is uploaded: your device calculates the fingerprint and you paste "
            "it here."
        ),
    )

    def clean_sha256(self) -> str:
        """Return 64 lowercase hexadecimal digits without spaces and colons, or an empty string."""
        digest = re.sub(r"[\s:]", "", self.cleaned_data["sha256"]).lower()
        if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise forms.ValidationError(
                _("A SHA-256 value has 64 characters, 0 to 9 and a to f. Copy all of it."), code="no_hash"
            )
        return str(digest)
