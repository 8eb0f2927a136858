"""Where nobody answered: who is asked next, with the reasons, by one button; or somebody else, with a written reason."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.candidates import Suggestion
from partners.rules.powers import Powers
from partners.visit import Visit
from procurement.outreach.actions.asking import ask_next
from procurement.outreach.gathering.people import asked, best_of, drafts, go_between, suggested_contacts, told
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.days import gives_way_at
from procurement.outreach.rules.inquiries import ASK_NEXT
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.moving import Step

MOST = 12


class NextPerson(forms.Form):
    """Who is asked instead: the one suggested next, or another."""

    contact = forms.TypedChoiceField(label=_("Whom to ask"), coerce=int)
    chosen_because = forms.CharField(
        label=_("Why this person and not the first suggested"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        self.left = {one.contact.pk: one for one in _left(inquiry)}
        self.best = best_of(self.left.values(), ())
        super().__init__(data, initial={"contact": self.best.contact.pk if self.best else None})
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            (pk, f"{one.contact} · {one.contact.city} · {one.ranked.reasons[0].words}")
            for pk, one in self.left.items()
        ]

    def clean(self) -> dict[str, Any]:
        """With the contact comes how routing ranks them."""
        return self.cleaned_data | {
            "chosen": self.left.get(self.cleaned_data.get("contact", 0)),
            "best": self.best,
        }


def of(inquiry: Inquiry, by: Powers) -> dict[str, Any]:
    """For the page of a question: from when on somebody else may be asked, and once they may, who is suggested next."""
    waits = inquiry.status == Inquiry.Status.SENT and inquiry.due_at is not None and inquiry.paused_at is None
    from_when = inquiry.next_from or gives_way_at(inquiry.due_at) if waits and inquiry.due_at else None
    is_open = ASK_NEXT.refusal(by, inquiry, clock.now()) is None
    best = best_of(_left(inquiry), ()) if is_open else None
    return {"gives_way_at": from_when, "next_open": is_open, "next": best}


def _left(inquiry: Inquiry) -> list[Suggestion]:
    """Who could still be asked, best first."""
    need = inquiry.supply_request
    known = asked(need)
    found = suggested_contacts(need, clock.now(), get_language() or "en")
    return [one for one in found if one.contact.pk not in known][:MOST]


def _ask(
    request: Visit,
    inquiry: Inquiry,
    *,
    contact: int,
    chosen: Suggestion,
    best: Suggestion | None,
    chosen_because: str,
) -> Inquiry:
    """The first draft of the letter goes as it stands: the same the officer sent before, to another reader."""
    return ask_next(
        inquiry,
        chosen.contact,
        **drafts(inquiry.supply_request, chosen.contact, request.user.language),
        reasons=told(chosen.ranked.reasons),
        through_city=go_between(chosen),
        best=best.contact if best else None,
        chosen_because=chosen_because,
        author=request.user,
        by=request.by,
        at=clock.now(),
    )


STEP = Step(
    _ask,
    form=NextPerson,
    hint=_("Whoever was asked first is told that they need not hurry; their answer stays welcome."),
)
