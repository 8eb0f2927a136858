"""Form of an approval."""

from typing import Any

from django import forms

from procurement.requests.models import SupplyRequest
from workflow.http.forms import MomentField


class ApprovalForm(forms.Form):
    """Form that approves what its reader saw: it carries since when that has waited."""

    waiting_since = MomentField(widget=forms.HiddenInput)

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        since = need.waiting_since.isoformat() if need.waiting_since is not None else ""
        super().__init__(data, initial={"waiting_since": since})
