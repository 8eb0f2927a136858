"""PDF of the paper form of a check for a factory visit: stated facts, questions, boxes. Reads only.

The caller passes functions for the questions and facts; they run once in each language of the sheet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partners.place_labels import letterhead_city_label
from procurement.verification.models import CheckReport, VerificationTask
from workflow.errors import LazyText
from workflow.pdf import rendering
from workflow.pdf.rendering import RenderedPDF, qr_svg

type FactLines = Iterable[tuple[LazyText, str]]


@dataclass(frozen=True)
class SheetQuestion:
    """Question as printed. `evidence` describes the best evidence for it, or is empty."""

    text: str
    hint: str
    evidence: str


def render_sheet(
    task: VerificationTask,
    *,
    read_questions: Callable[[], Sequence[SheetQuestion]],
    read_facts: Callable[[], FactLines],
    languages: Sequence[str],
    at: datetime,
) -> RenderedPDF:
    """Return the form as PDF/A in one or two languages, the reader's first.

    Its QR code leads to the page for entering the answers. That page requires the contact's own link, so a sheet
    left in a factory gives no access.
    """
    url = settings.BASE_URL + reverse("portal_check", args=[task.reference])
    texts = [_sheet_in_language(language, task, read_questions, read_facts) for language in languages]
    return rendering.render(
        "check", {"reference": task.reference, "url": url, "qr": qr_svg(url), "languages": texts}, at=at
    )


def _sheet_in_language(
    language: str,
    task: VerificationTask,
    read_questions: Callable[[], Sequence[SheetQuestion]],
    read_facts: Callable[[], FactLines],
) -> dict[str, Any]:
    with translation.override(language):
        city = letterhead_city_label(task.city.name)
        return {
            "language": language[:2],
            "title": task.get_check_kind_display(),
            "sender": city,
            "about": f"{task.supplier.name} · {task.lead.product.name}",
            "what": _(
                "%(city)s asks for your help with this check. You report only what you saw. You do "
                "not guarantee anything."
            )
            % {"city": task.city.name},
            "said": _("What the offer says"),
            "facts": [{"name": str(name), "said": said} for name, said in read_facts()],
            "asked": _("Questions"),
            "questions": [
                {"words": one.text, "hint": one.hint, "evidence": one.evidence} for one in read_questions()
            ],
            "answers": [_("Yes"), _("No"), _("Could not check")],
            "seen": _("What was seen"),
            "rest": [
                _("Place"),
                _("Date"),
                _("Local time"),
                _("Anything else the city should know"),
            ],
            "how": _("How did you check?"),
            "methods": [str(label) for label in CheckReport.Method.labels],
            "sure": _("How sure are you?"),
            "degrees": [str(label) for label in CheckReport.Confidence.labels],
            "scan": _("Enter your answers online with your own link."),
        }
