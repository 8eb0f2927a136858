"""Forms of inquiries: the letter in both languages, reminders, the next contact, an answer by phone."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.list_filters import city_name_condition, own_cities_condition
from partners.routing.recommendations import Recommendation
from procurement.catalogue.forms import ProductSearchField, add_unit_to_help_text
from procurement.catalogue.models.products import Product
from procurement.leads.forms.contact_offers import CURRENCY_CHOICES, goods_label
from procurement.outreach.letters import InquiryLetter
from procurement.outreach.merge_fields import CONTACT_MERGE_FIELDS, unknown_merge_fields
from procurement.outreach.models.inquiries import Inquiry, asks_about_lines
from procurement.outreach.queries.contacts import best_suggestion, contacts_already_asked, suggested_contacts
from procurement.outreach.text_changes import TextChange, normalized_text, text_changes
from procurement.outreach.text_numbers import NumberDifferences, compare_numbers
from procurement.requests.models import RequestLine
from workflow import clock
from workflow.formatting import quote_typed
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MomentField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm, day_range_conditions
from workflow.input_limits import MAX_LETTER_LENGTH, MAX_TEXT_LENGTH

OFFER_FIELDS = ("supplier", "line", "stock", "price", "currency")  # the field names of the offer form


DUE_SINCE, DUE_UNTIL = day_range_conditions("due_at")


class InquiryFilterForm(ListFilterForm):
    """Form that filters the list of inquiries."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities_condition,
        "need": "supply_request__reference__istartswith",
        "product": lambda text, _by: asks_about_lines(
            RequestLine.objects.filter(product__in=Product.objects.search(text))
        ),
        "city": city_name_condition("contact__city"),
        "person": "contact__user__name__icontains",
        "since": DUE_SINCE,
        "until": DUE_UNTIL,
    }

    q = forms.CharField(label=_("Number or subject"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Inquiry.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our inquiries"), required=False)
    need = forms.CharField(label=_("Need"), required=False, max_length=20)
    product = ProductSearchField()
    city = forms.CharField(label=_("City asked"), required=False, max_length=80)
    person = forms.CharField(label=_("Contact asked"), required=False, max_length=80)
    since = DayField(label=_("Due on or after"), required=False, help_text="")
    until = DayField(label=_("Due on or before"), required=False, help_text="")

    sorts = (("need", _("Need")), ("city", _("City asked")), ("due", _("Reply due by")))


class LineChoiceForm(forms.Form):
    """Form that chooses the lines of a need to ask about."""

    line = forms.MultipleChoiceField(
        label=_("Lines to ask about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Contacts are ranked for the ticked lines and asked about these only. To ask about the whole need, "
            "tick all lines or none."
        ),
    )

    def __init__(self, lines: Collection[RequestLine], ticked: Collection[int]) -> None:
        numbers = ticked or [line.position for line in lines]
        super().__init__(initial={"line": [str(number) for number in numbers]}, auto_id="lines_%s")
        field = self.fields["line"]
        assert isinstance(field, forms.MultipleChoiceField)  # declared above
        field.choices = [(line.position, line.numbered_label) for line in lines]


class PhoneReplyForm(forms.Form):
    """Form for an answer by phone, with what the contact mentioned about an offer."""

    stated_by = forms.CharField(label=_("Source of this information"), max_length=150)
    stated_at = MomentField(
        label=_("When"),
        required=False,
        help_text=_(
            "In your local time, such as 2020-04-16 23:40. Leave blank if you have just received the answer."
        ),
    )
    remark = forms.CharField(
        label=_("Answer given"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_TEXT_LENGTH
    )
    has_something = forms.BooleanField(
        label=_("The person can supply goods, or named someone who can"),
        required=False,
        help_text=_("The offer form opens next, filled in with what you enter here."),
    )
    supplier = forms.CharField(label=_("Supplier name"), max_length=200, required=False)
    line = forms.ModelChoiceField(
        RequestLine.objects.none(),
        label=_("What can the supplier provide?"),
        required=False,
        empty_label=_("not stated"),
    )
    stock = QuantityField(label=_("Quantity in stock"), required=False, min_value=1)
    price = MoneyField(label=_("Unit price"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES, initial="CNY", required=False)

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data, initial={"stated_by": inquiry.contact.user.name})
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = inquiry.asked_lines
        lines = list(field.queryset)
        words = _("In %(unit)s, such as 10,000 or 200 boxes of 50.")
        add_unit_to_help_text(self, "stock", words, [line.product for line in lines])
        field.label_from_instance = goods_label(lines)  # type: ignore[assignment, method-assign]  # as Django's documentation says

    def clean(self) -> dict[str, Any]:
        """Collect the facts about an offer in `offered`; None if the contact has nothing."""
        cleaned = super().clean() or {}
        values = {name: cleaned.pop(name, None) for name in OFFER_FIELDS}
        if values["price"] is None:
            values["currency"] = ""
        known = {name: _journal_value(value) for name, value in values.items() if value}
        cleaned["offered"] = known if cleaned.pop("has_something", False) or known else None
        return cleaned


def _journal_value(value: Any) -> str | int:
    """Convert a value for the journal entry; the offer form takes the same value."""
    if isinstance(value, RequestLine):
        return value.pk
    return value if isinstance(value, int) else str(value)


class BilingualLetterForm(forms.Form):
    """Form for a letter in the contact's language and in the officer's, which are compared before sending."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Message"), widget=forms.Textarea(attrs={"rows": 14}), max_length=MAX_LETTER_LENGTH
    )
    subject_own = forms.CharField(label=_("Subject in your language"), required=False, max_length=200)
    body_own = forms.CharField(
        label=_("Message in your language"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=MAX_LETTER_LENGTH,
        help_text=_(
            "Sent below the other version. Make the same changes in both versions, or leave this blank."
        ),
    )
    figures_seen = forms.BooleanField(
        label=_("I have checked that both versions say the same thing"), required=False
    )

    draft: dict[str, str]
    number_differences = NumberDifferences([], [])

    def __init__(self, data: Any, theirs: InquiryLetter, own: InquiryLetter | None) -> None:
        """Fill the form with both drafts. `own` is None if both persons use one language."""
        self.draft = {"subject": theirs.subject, "body": theirs.body}
        if own is not None:
            self.draft |= {"subject_own": own.subject, "body_own": own.body}
        super().__init__(data, initial=self.draft)
        if own is None:
            for name in ("subject_own", "body_own", "figures_seen"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse texts whose figures differ, unless the officer has confirmed them in `figures_seen`.

        Nothing is refused if the officer only asked for a preview (button `look`).
        """
        cleaned = super().clean() or {}
        if cleaned.get("body_own"):
            first, second = (
                f"{cleaned.get(f'subject{own}', '')}\n{cleaned.get(f'body{own}', '')}" for own in ("", "_own")
            )
            self.number_differences = compare_numbers(first, second)
        if self.number_differences and not cleaned.get("figures_seen") and "look" not in self.data:
            raise forms.ValidationError(
                _("A number appears in one version only. Correct it, or confirm that you have checked."),
                code="figures_differ",
            )
        return cleaned

    def letter_texts(self) -> dict[str, str]:
        """Return the text to send, by field name."""
        return {name: self.cleaned_data[name] for name in self.draft if name in self.cleaned_data}

    def changed_texts(self) -> list[tuple[str, list[TextChange]]]:
        """Return the texts that differ from the draft, each as the field's label and its changes."""
        if not self.is_bound:
            return []
        rows = [(name, before, self.data.get(name, "")) for name, before in self.draft.items()]
        return [
            (str(self.fields[name].label), list(text_changes(before, after)))
            for name, before, after in rows
            if normalized_text(before) != normalized_text(after)
        ]


class InquiryTextForm(BilingualLetterForm):
    """Form for the text of an inquiry, and for the reason if the contact is not the first suggested."""

    chosen_because = forms.CharField(
        label=_("Why this person rather than the first suggestion?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )


class CommonLetterForm(forms.Form):
    """Form for one letter to several contacts: a subject and a message for each language they read.

    `drafts` holds the first draft by language, the languages of the contacts first. The text in the officer's own
    language may be left blank if no contact reads it. The words in braces are filled in for each contact.
    """

    figures_seen = forms.BooleanField(
        label=_("I have checked that all versions say the same thing"), required=False
    )

    def __init__(
        self, data: Any, drafts: Mapping[str, InquiryLetter], read: Collection[str], *, reason: bool
    ) -> None:
        self.languages, self.read = tuple(drafts), frozenset(read)
        self.differences: dict[str, NumberDifferences] = {}
        words = {
            text_field_name(kind, language): getattr(draft, kind)
            for language, draft in drafts.items()
            for kind in ("subject", "body")
        }
        super().__init__(data, initial=words)
        for language in drafts:
            needed = language in self.read
            self.fields[text_field_name("subject", language)] = forms.CharField(
                label=_("Subject"), max_length=200, required=needed
            )
            self.fields[text_field_name("body", language)] = forms.CharField(
                label=_("Message"),
                max_length=MAX_LETTER_LENGTH,
                required=needed,
                widget=forms.Textarea(attrs={"rows": 14}),
                error_messages={"required": _("Enter the message to send.")},
            )
        self.fields["chosen_because"] = forms.CharField(
            label=_("Why these people rather than the first suggestion?"),
            required=reason and "look" not in (data or {}),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MAX_TEXT_LENGTH,
        )
        self.asks_for_reason = reason

    @property
    def language_fields(self) -> list[tuple[str, bool, forms.BoundField, forms.BoundField]]:
        """Each language by name, with True if contacts read it, and its fields for subject and message."""
        return [
            (
                str(Language(language).label),
                language in self.read,
                self[text_field_name("subject", language)],
                self[text_field_name("body", language)],
            )
            for language in self.languages
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse unknown merge fields, and versions whose figures differ unless `figures_seen` is ticked."""
        cleaned = super().clean() or {}
        for name, text in [*cleaned.items()]:
            if isinstance(text, str) and name != "chosen_because" and (unknown := unknown_merge_fields(text)):
                words = _("Remove %(unknown)s. Only these words in braces are filled in: %(known)s.")
                known = " ".join(f"{{{one}}}" for one in CONTACT_MERGE_FIELDS)
                self.add_error(name, words % {"unknown": " ".join(unknown), "known": known})
        first, *others = (self.letter(language) for language in self.languages)
        for language, other in zip(self.languages[1:], others, strict=True):
            if other.body and (
                found := compare_numbers(*(f"{one.subject}\n{one.body}" for one in (first, other)))
            ):
                self.differences[str(Language(language).label)] = found
        if self.differences and not cleaned.get("figures_seen") and "look" not in self.data:
            raise forms.ValidationError(
                _("A number appears in one version only. Correct it, or confirm that you have checked."),
                code="figures_differ",
            )
        return cleaned

    def letter(self, language: str) -> InquiryLetter:
        """Return the text in a language as typed; both parts are empty if it was left blank."""
        parts = (self.cleaned_data.get(text_field_name(kind, language), "") for kind in ("subject", "body"))
        return InquiryLetter(*parts)


def text_field_name(kind: str, language: str) -> str:
    """Return the name of the field for the subject or the body in a language."""
    return f"{kind}_{language.replace('-', '_')}"


class InquiryEditForm(InquiryTextForm, EditForm):
    """Form that changes the text of an unsent inquiry in both languages, and the reason for this contact."""

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        alone = inquiry.language_own == inquiry.language and not inquiry.body_own
        own = None if alone else InquiryLetter(inquiry.subject_own, inquiry.body_own)
        super().__init__(data, InquiryLetter(inquiry.subject, inquiry.body), own)
        self.fields["chosen_because"].initial = inquiry.chosen_because


MAX_CONTACT_SUGGESTIONS = 12


class NextContactForm(forms.Form):
    """Form that chooses the next contact: the first suggested, or another."""

    contact = forms.TypedChoiceField(label=_("Whom to ask"), coerce=int)
    chosen_because = forms.CharField(
        label=_("Why this person rather than the first suggestion?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        self.left = {one.contact.pk: one for one in remaining_suggestions(inquiry)}
        self.best = best_suggestion(self.left.values(), ())
        super().__init__(data, initial={"contact": self.best.contact.pk if self.best else None})
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            (pk, f"{one.contact} · {one.contact.city} · {one.ranked_contact.reasons[0].sentence}")
            for pk, one in self.left.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Add the suggestion for the chosen contact and the best suggestion to the cleaned data."""
        return self.cleaned_data | {
            "chosen": self.left.get(self.cleaned_data.get("contact", 0)),
            "best": self.best,
        }


def remaining_suggestions(inquiry: Inquiry) -> list[Recommendation]:
    """Return the suggested contacts who were not asked about this need yet, best first."""
    need = inquiry.supply_request
    known = contacts_already_asked(need)
    found = suggested_contacts(need, clock.now(), get_language() or "en", inquiry.line_numbers)
    return [one for one in found if one.contact.pk not in known][:MAX_CONTACT_SUGGESTIONS]


class ChooseColleagueForm(forms.Form):
    """Form that names the right person to ask."""

    to = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"), required=False)
    remark = forms.CharField(
        label=_("Or enter someone else to ask"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, contact: Contact, asking: City) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        others = Contact.objects.accepting_inquiries().askable_by(asking)
        others = others.filter(city=contact.city).exclude(user=contact.user_id)
        field.queryset = others.select_related("user").order_by("pk")

    def clean(self) -> dict[str, Any]:
        """Require a colleague or a remark; without either, the answer would be a plain no."""
        facts = super().clean() or {}
        if not self.errors and facts.get("to") is None and not facts.get("remark"):
            raise forms.ValidationError(
                _("Choose a colleague, or enter someone else to ask."), code="nobody_named"
            )
        return facts


class RemarkTranslationForm(forms.Form):
    """Form for the translation of a contact's remark. The remark is shown above the field."""

    translation = forms.CharField(
        label=_("Translation"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_TEXT_LENGTH
    )

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data)
        self.fields["translation"].help_text = quote_typed(inquiry.remark)


class DeclineRemarkForm(forms.Form):
    """Form for a refusal with an optional remark."""

    remark = forms.CharField(
        label=_("Message to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )


class ConsentForm(forms.Form):
    """Form with which a partner city consents to an introduction: once, or until a date for the same contact."""

    ONCE, PERIOD = "once", "period"

    introduction = forms.CharField(
        label=_("Your introduction"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("Your colleague sees this above the city’s message."),
    )
    scope = forms.ChoiceField(label=_("You agree to"), widget=forms.RadioSelect, initial=ONCE)
    until = DayField(
        label=_("Last day (for later inquiries)"),
        required=False,
        help_text=_(
            "At most one year from today. If that day is not a working day, the previous working "
            "day applies. You can withdraw your consent at any time."
        ),
    )
    reports_each_use = forms.BooleanField(
        label=_("Email me about each later inquiry"),
        required=False,
        help_text=_("Otherwise you get at most one message a day that lists the inquiries."),
    )

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data)
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        values = {"city": inquiry.city.name, "contact": inquiry.contact}
        later = _("Also later inquiries from %(city)s to %(contact)s, until a set date")
        field.choices = [(self.ONCE, _("Only this inquiry")), (self.PERIOD, later % values)]

    def clean(self) -> dict[str, Any]:
        """Return the arguments of `give_consent`. A date without the choice of a period, or the reverse, is refused."""
        facts = super().clean() or {}
        for_period = facts.pop("scope", "") == self.PERIOD
        if for_period and facts.get("until") is None and "until" not in self.errors:
            self.add_error("until", _("Enter the last day."))
        if not for_period and facts.get("until") is not None:
            words = _("You entered a last day. Choose whether you agree to later inquiries, too.")
            self.add_error("scope", words)
        facts["reports_each_use"] = for_period and facts.get("reports_each_use", False)
        return facts


class AskCityQuestionForm(forms.Form):
    """Form for a question of a contact to the city."""

    question = forms.CharField(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        error_messages={"required": _("Enter the question.")},
    )


class PublishedAnswerForm(forms.Form):
    """Form for a question and its answer, for everyone asked."""

    question = forms.CharField(
        label=_("Question"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
        error_messages={"required": _("Enter the question.")},
    )
    answer = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        error_messages={"required": _("Enter the answer.")},
    )


class AnswerQuestionForm(PublishedAnswerForm):
    """Form that answers the question of a contact: to everyone asked, or to this contact alone."""

    to_all = forms.TypedChoiceField(
        label=_("Who gets the answer"),
        choices=[("1", _("Everyone who was asked")), ("", _("Only this contact"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]  # the stubs allow only text; Django takes any value
        required=False,
        widget=forms.RadioSelect,
        initial="1",
    )
    field_order = ("question", "answer", "to_all")

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data, initial={"question": inquiry.question, "to_all": "1"})
        self.fields["question"].help_text = _("Everyone sees this wording. Do not mention who asked.")
