"""Forms of a thank-you: the photo, and the messages with letter and certificate."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.missing_data import missing_fields
from procurement.orders.models import Order
from procurement.thanks.actions import ThankYouText
from procurement.thanks.drafts import ArrivalSummary, PortalPageContents, compose_thank_you
from procurement.thanks.models import ThankYou, ThankYouMessage
from procurement.thanks.queries import Helper, accepts_mail, thank_you_documents
from procurement.thanks.rules import MAX_MESSAGE_LENGTH
from workflow import clock
from workflow.http.edit_forms import EditForm

PHOTO_NOT_CONFIRMED = _("Choose a photo in which no one can be recognized, and confirm this.")


class ArrivalPhotoForm(EditForm):
    """Form that chooses or adds a photo of the arrival in which no person can be recognized."""

    def __init__(self, data: Any, thank_you: ThankYou, choices: Any, files: Any = None) -> None:
        super().__init__(data, files)
        photo = self.fields["photo"] = forms.ModelChoiceField(
            choices,
            label=_("Photo of the arrival"),
            required=False,
            empty_label=_("None"),
            initial=thank_you.photo,
        )
        none, *found = cast("Iterable[tuple[Any, Any]]", photo.choices)
        photo.choices = [none, *found]  # read once, for the hint and for the options
        if not found:
            photo.help_text = _("There is no photo of these goods yet.")
        self.fields["upload"] = forms.FileField(
            label=_("Add a photo"),
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        )
        self.fields["shows_no_person"] = forms.BooleanField(
            label=_("I have checked that no one can be recognized in the photo"),
            required=False,
            initial=thank_you.shows_no_person,
        )

    def clean(self) -> None:
        """Refuse a new photo that no one has checked before it is stored."""
        super().clean()
        if self.cleaned_data.get("upload") and not self.cleaned_data.get("shows_no_person"):
            self.add_error("shows_no_person", PHOTO_NOT_CONFIRMED)


class ThankYouMessagesForm(forms.Form):
    """Form with a message to each person, in their language. A person who is not ticked gets none."""

    def __init__(self, data: Any, thank_you: ThankYou, helped: list[Helper], arrived: ArrivalSummary) -> None:
        super().__init__(data)
        self.helped = [one for one in helped if accepts_mail(one.contact)]
        mine = get_language() or "en"
        shown = PortalPageContents(
            has_photo=thank_you.photo_id is not None, has_letter=_has_letter(thank_you.order)
        )
        self.own: dict[int, str] = {}  # the draft in the officer's language, if theirs differs
        for one in self.helped:
            pk, language = one.contact.pk, one.contact.user.language
            draft = compose_thank_you(one.contact, one.thanked_for, arrived, shown, language)
            if language != mine:
                self.own[pk] = compose_thank_you(one.contact, one.thanked_for, arrived, shown, mine).body
            self.fields[f"to_{pk}"] = forms.BooleanField(
                label=_("Send to %(name)s") % {"name": one.contact}, required=False, initial=True
            )
            self.fields[f"subject_{pk}"] = forms.CharField(
                label=_("Subject"), max_length=200, initial=draft.subject
            )
            self.fields[f"body_{pk}"] = forms.CharField(
                label=_("Message"),
                max_length=MAX_MESSAGE_LENGTH,
                initial=draft.body,
                widget=forms.Textarea(attrs={"rows": 12, "lang": language}),
            )

    @property
    def message_recipients(self) -> list[dict[str, Any]]:
        """Persons with the fields and the current text of their messages."""
        return [
            {
                "contact": one.contact,
                "because": ThankYouMessage.Reason(one.thanked_for).label,
                "to": self[f"to_{one.contact.pk}"],
                "subject": self[f"subject_{one.contact.pk}"],
                "body": self[f"body_{one.contact.pk}"],
                "words": self[f"body_{one.contact.pk}"].value(),
                "own": self.own.get(one.contact.pk, ""),
            }
            for one in self.helped
        ]

    @property
    def texts_to_send(self) -> list[ThankYouText]:
        """Messages to send, as the action takes them, without persons who are not ticked."""
        values = self.cleaned_data
        return [
            ThankYouText(
                contact=one.contact,
                subject=values[f"subject_{one.contact.pk}"],
                body=values[f"body_{one.contact.pk}"],
            )
            for one in self.helped
            if values[f"to_{one.contact.pk}"]
        ]


def _has_letter(order: Order) -> bool:
    """Return True if a letter of thanks for a donation exists, or can be made when the thank-you is sent."""
    if order.kind != AcquisitionType.DONATION:
        return False
    record = DocumentRecord(None, order, clock.now())
    return not missing_fields(
        GeneratedDocument.Kind.THANKS_LETTER, record
    ) or GeneratedDocument.Kind.THANKS_LETTER in thank_you_documents(order)
