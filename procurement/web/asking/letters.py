"""A letter's two texts side by side while they are written, the public page its QR leads to, and thanks on paper.

The public page needs no account, counts who asks, and holds no word that somebody typed: who wrote, when, and about which goods.
"""

import difflib
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django import forms
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.limits import LINKS
from accounts.models import User
from accounts.web.grants import private
from accounts.web.limited import limited
from partners.rules.hours import decent_hour
from partners.visit import Visit
from procurement.outreach.figures import Differences, compare
from procurement.outreach.letters import Letter
from procurement.outreach.models import SentLetter
from procurement.outreach.paper import is_unchanged, printed
from workflow.doors.bounds import LONGEST_LETTER
from workflow.doors.files.handing import say_why
from workflow.doors.http import show
from workflow.doors.words import moment
from workflow.errors import Refused
from workflow.tongues import read

# A word, a sign of a script that parts none, or a run of spaces: what may be put in or taken out by itself.
_PIECE = re.compile(
    r"\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+"
)


class Change(NamedTuple):
    """A piece of a text: "same", "in" or "out"."""

    kind: str
    text: str


class BothTexts(forms.Form):
    """One letter's words, in the contact's language and in the officer's own; compared before they go."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Message"), widget=forms.Textarea(attrs={"rows": 14}), max_length=LONGEST_LETTER
    )
    subject_own = forms.CharField(label=_("Subject in your language"), required=False, max_length=200)
    body_own = forms.CharField(
        label=_("Message in your language"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=LONGEST_LETTER,
        help_text=_("It is sent below the other. Change both alike, or leave this one empty."),
    )
    figures_seen = forms.BooleanField(label=_("I have looked: both texts say the same"), required=False)

    draft: dict[str, str]
    differences = Differences([], [])

    def __init__(self, data: Any, theirs: Letter, own: Letter | None) -> None:
        """`own` is None where both speak one language: then there is one text."""
        self.draft = {"subject": theirs.subject, "body": theirs.body}
        if own is not None:
            self.draft |= {"subject_own": own.subject, "body_own": own.body}
        super().__init__(data, initial=self.draft)
        if own is None:
            for name in ("subject_own", "body_own", "figures_seen"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A figure that stands in one text only is asked about once: whoever says that it is right may send it."""
        said = super().clean() or {}
        if said.get("body_own"):
            first, second = (
                f"{said.get(f'subject{own}', '')}\n{said.get(f'body{own}', '')}" for own in ("", "_own")
            )
            self.differences = compare(first, second)
        if self.differences and not said.get("figures_seen") and "look" not in self.data:
            raise forms.ValidationError(
                _(
                    "A figure stands in one text and not in the other. Put it right, or say that you have looked."
                ),
                code="figures_differ",
            )
        return said

    def words(self) -> dict[str, str]:
        """What is sent."""
        return {name: self.cleaned_data[name] for name in self.draft if name in self.cleaned_data}

    def changed(self) -> list[tuple[str, list[Change]]]:
        """What was changed against the draft, text by text, under the field's name; only texts that were."""
        if not self.is_bound:
            return []
        rows = [(name, before, self.data.get(name, "")) for name, before in self.draft.items()]
        return [
            (str(self.fields[name].label), list(changes(before, after)))
            for name, before, after in rows
            if _plain(before) != _plain(after)
        ]


def going(reader: User, at: datetime) -> str:
    """When something that is sent now reaches its reader: in their working hours, not at once."""
    when = decent_hour(reader, at)
    if when > at:
        figures = {"there": moment(when, reader.time_zone), "here": moment(when)}
        return gettext("It goes out in their working hours: %(there)s, here %(here)s.") % figures
    return gettext("It is on its way.")


def changes(before: str, after: str) -> Iterator[Change]:
    """How one text became the other, word by word, and sign by sign where words are not parted."""
    old, new = _PIECE.findall(_plain(before)), _PIECE.findall(_plain(after))
    for tag, start, end, begin, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Change("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Change("out", "".join(old[start:end]))
        if stop > begin:
            yield Change("in", "".join(new[begin:stop]))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@require_safe
@limited(LINKS)
def letter_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a letter is genuine: from whom, of what day, about which goods; and that it was taken back, or is none of ours."""
    sent = SentLetter.objects.filter(code=code).first()
    genuine = sent is not None and is_unchanged(sent)
    context = {"sent": sent, "genuine": genuine, **(_told(sent) if sent is not None and genuine else {})}
    page = show(request, "contact/genuine.html", context, status=200 if genuine else 404)
    return private(page, referrer="no-referrer")


def _told(sent: SentLetter) -> dict[str, Any]:
    """What the page says of a genuine letter, as it was frozen."""
    said = sent.words
    return {"sender": read(said["from"]), "about": read(said["about"]), "day": date.fromisoformat(said["on"])}


@login_required
def thanks(request: Visit, pk: int) -> HttpResponse:
    """A letter of thanks on paper, for whoever sees what is thanked for. 404 for everybody else."""
    letter = get_object_or_404(SentLetter.objects.select_related("entry"), pk=pk, inquiry=None)
    entry: Any = letter.entry
    about: Any = apps.get_model(entry.thing_label)  # an order, a check or a question: each has a `visible_to`
    get_object_or_404(about.objects.visible_to(request.by), pk=entry.thing_id)
    return handed_out(request, letter)


def handed_out(request: HttpRequest, letter: SentLetter) -> HttpResponse:
    """A frozen letter as PDF/A, shown in the browser: some open a download elsewhere, where the link is not known.

    One that cannot be printed is the page that says why.
    """
    try:
        pdf = printed(letter).pdf
    except Refused as refused:
        return say_why(request, refused, "")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{letter}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def thanks_about(thing: Model) -> QuerySet[SentLetter]:
    """The letters of thanks about a thing, for its page."""
    return SentLetter.objects.thanks_about(thing._meta.label_lower, thing.pk)


urlpatterns = [
    path("letter/<slug:code>/", letter_check, name="letter_check"),
    path("thanks/<int:pk>/", thanks, name="thanks"),
]
