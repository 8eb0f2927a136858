"""A check on paper, to take to a factory: what was said, what is asked, boxes to tick and lines to write on. Reads only.

Whoever hands it out says what is asked and told: each is read anew in each language of the sheet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partners.labels import town_label
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from workflow.errors import Words
from workflow.papers import codes, printing
from workflow.papers.printing import Paper

type Told = Iterable[tuple[Words, str]]


@dataclass(frozen=True)
class Asked:
    """A question as the sheet prints it. `evidence` is what is best brought for it, in words, "" for nothing."""

    words: str
    hint: str
    evidence: str


def sheet(
    task: VerificationTask,
    *,
    asks: Callable[[], Sequence[Asked]],
    tells: Callable[[], Told],
    languages: Sequence[str],
    at: datetime,
) -> Paper:
    """The sheet as PDF/A, in one language or two, the reader's first. Its QR leads to the page where the answers are typed in.

    The page asks for the contact's own link: what is left lying in a factory opens nothing.
    """
    url = settings.BASE_URL + reverse("report", args=[task.reference])
    tongues = [_in(language, task, asks, tells) for language in languages]
    return printing.make(
        "check", {"reference": task.reference, "url": url, "qr": codes.qr(url), "tongues": tongues}, at=at
    )


def _in(
    language: str, task: VerificationTask, asks: Callable[[], Sequence[Asked]], tells: Callable[[], Told]
) -> dict[str, Any]:
    with translation.override(language):
        city = town_label(task.city.name)
        return {
            "language": language[:2],
            "title": task.get_check_kind_display(),
            "sender": city,
            "about": f"{task.supplier.name} · {task.lead.product.name}",
            "what": _("%(city)s asks you to look; you report what you saw and vouch for nothing.")
            % {"city": task.city.name},
            "said": _("What was said"),
            "facts": [{"name": str(name), "said": said} for name, said in tells()],
            "asked": _("What is asked"),
            "questions": [{"words": one.words, "hint": one.hint, "evidence": one.evidence} for one in asks()],
            "answers": [_("Yes"), _("No"), _("Could not check")],
            "seen": _("What was seen"),
            "rest": [
                _("Where"),
                _("On which day"),
                _("At what time, there"),
                _("Anything the city should know"),
            ],
            "how": _("How did you check?"),
            "methods": [str(label) for label in Report.Method.labels],
            "sure": _("How sure are you?"),
            "degrees": [str(label) for label in Report.Confidence.labels],
            "scan": _("Type the answers in here, with your own link."),
        }
