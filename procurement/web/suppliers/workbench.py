"""What stands on a certificate's page beside its fields: a page of its document, and what was looked at, for one offer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from partners.visit import Visit
from procurement.leads import gathering
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening import screen
from procurement.leads.screening.looking import Look, Outcome, looked_at
from procurement.leads.screening.sentences import sentence
from procurement.suppliers.models.certificate import Certificate
from procurement.verification.models.checks import VerificationTask
from workflow import clock
from workflow.models.evidence import File
from workflow.tongues import read

MOST_FILES = 30
WORDS = {Outcome.HOLDS: "check", Outcome.DOUBTFUL: "triangle-alert", Outcome.UNKNOWN: "circle-question-mark"}


@dataclass(frozen=True)
class Sheet:
    """One page of one file, with its neighbours."""

    file: File
    number: int

    @property
    def before(self) -> int | None:
        """The page before it."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after it."""
        return self.number + 1 if self.number < self.file.pages else None


def document(request: Visit, thing: Certificate) -> dict[str, Any]:
    """The files that show the certificate, its own, those of checks made on it, and those of the question it came with; and one page.

    `?file=` and `?page=` choose; what they do not name is the first. Each is shown to whoever may read it.
    """
    by = request.by
    checks = VerificationTask.objects.visible_to(by).filter(certificate=thing).order_by("pk")
    shown = Q(thing_label="procurement.certificate", thing_id=thing.pk)
    for label, keys in (
        ("procurement.verificationtask", [task.pk for task in checks]),
        ("procurement.inquiry", [thing.inquiry_id] if thing.inquiry_id else []),
    ):
        shown |= Q(thing_label=label, thing_id__in=keys)
    mine = File.objects.visible_to(by).filter(shown, status=File.Status.CLEAN).exclude(kind="screenshot")
    files = sorted(
        mine.order_by("pk")[:MOST_FILES],
        key=lambda file: (file.thing_label != "procurement.certificate", file.pk),
    )
    wanted = request.GET.get("file", "")
    file = next((one for one in files if one.key == wanted), files[0] if files else None)
    asked = request.GET.get("page", "1")
    number = (
        min(int(asked), file.pages) if file and asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    )
    return {
        "documents": files,
        "sheet": Sheet(file, max(number, 1)) if file else None,
        "certificate_checks": checks,
    }


def judged(request: Visit, thing: Certificate) -> dict[str, Any]:
    """What was looked at on the certificate, for the newest live offer it is about, or the one of `?offer=`, as of now.

    Offers to the reader's own cities: what is found about one is that city's.
    """
    company = thing.supplier.current
    mine = SupplierLead.objects.visible_to(request.by).filter(city__in=request.by.sees)
    offers = mine.filter(supplier__in=company.rows)
    offers = offers.select_related("city", "product", "supplier", "standard", "maker", "line__supply_request")
    named = {product.pk for product in thing.products.all()}
    about = offers.filter(product__in=named) if named else offers
    wanted = about.filter(reference=request.GET.get("offer", "")).first()
    lead = wanted or about.live().order_by("-pk").first() or about.order_by("-pk").first()
    if lead is None:
        return {"looked_for": None, "looked": []}
    facts = gathering.gather(lead, clock.now())
    paper = next((one for one in facts.papers if one.reference == thing.reference), None)
    looked = looked_at(paper, facts, screen(facts)) if paper else []
    return {"looked_for": lead, "looked": [_row(look) for look in looked]}


def _row(look: Look) -> dict[str, Any]:
    """One rule as the page shows it."""
    verdicts = {
        Outcome.HOLDS: _("Holds"),
        Outcome.DOUBTFUL: _("Doubtful"),
        Outcome.UNKNOWN: _("Not known"),
    }
    grounds = [sentence(one.code, one.figures) for one in look.found] or [str(look.ground)]
    return {
        "words": look.rule.words,
        "outcome": look.outcome.value,
        "verdict": verdicts[look.outcome],
        "icon": WORDS[look.outcome],
        "grounds": [*grounds, *([read(look.why)] if look.why else [])],
        "sources": [one for one in look.source.split() if one.startswith("http")],
    }
