"""Sentences on the coverage of need lines: what is shipped, and which offered goods do not count."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.models import COUNTED_LEVELS, GoodsMatchLevel
from procurement.requests.alternatives.queries import accepted_goods_of_lines
from procurement.requests.models import RequestLine
from workflow.formatting import format_quantity


def coverage_sentences(lines: Sequence[RequestLine], at: datetime) -> list[tuple[RequestLine, list[str]]]:
    """Return each line with one sentence for each reason, the largest quantity first.

    The list is empty for a line whose offers all count. One query; at most five more if comparable goods are offered,
    to name the evidence that they need.
    """
    by_key = {line.pk: line for line in lines}
    found: dict[int, list[str]] = {key: [] for key in by_key}
    rows = SupplierLead.objects.live().filter(line__in=by_key).exclude(meets__in=COUNTED_LEVELS)
    sums = rows.values_list("line", "meets", "product__unit").annotate(left=Sum(F("supply") - F("allocated")))
    uncounted = list(sums.filter(left__gt=0).order_by("-left", "meets", "product__unit"))
    comparable = {key for key, meets, _unit, _left in uncounted if meets == GoodsMatchLevel.COMPARABLE}
    evidence = _evidence_texts([by_key[key] for key in comparable], at) if comparable else {}
    for key, meets, unit, left in uncounted:
        amount = f"{format_quantity(left)} {Product.Unit(unit).for_count(left)}"
        sentence = _reason_sentence(by_key[key], meets, unit)
        if meets == GoodsMatchLevel.COMPARABLE and evidence.get(key):
            sentence = _(
                "Also offered, but counted apart: %(amount)s of a comparable standard. Evidence needed: %(evidence)s"
            )
        found[key].append(sentence % {"amount": amount, "evidence": evidence.get(key, "")})
    return [(line, found[line.pk]) for line in lines]


def _evidence_texts(lines: Sequence[RequestLine], at: datetime) -> dict[int, str]:
    """Return the evidence that the comparable goods offered for a line need, by the id of the line."""
    comparable = SupplierLead.objects.live().filter(line__in=lines, meets=GoodsMatchLevel.COMPARABLE)
    offered = list(
        comparable.filter(supply__gt=F("allocated"))
        .order_by("line", "standard__code", "product__code")
        .distinct("line", "standard__code", "product__code")
        .select_related("product", "standard")
    )
    accepted = accepted_goods_of_lines(lines, at)
    texts: dict[int, dict[str, None]] = {}
    for lead in offered:
        assert lead.line_id is not None, "the query names its line"
        text = str(accepted[lead.line_id].match(lead.product, lead.standard).standard_match.evidence)
        if text:
            texts.setdefault(lead.line_id, {})[text] = None
    return {key: " ".join(found) for key, found in texts.items()}


def progress_sentence(lines: Sequence[RequestLine]) -> str:
    """Return a sentence on how many lines are shipped in full, or "".

    It names the line with the smallest share if one is not.
    """
    text = ngettext(
        "%(done)d of %(all)d line on its way", "%(done)d of %(all)d lines on their way", len(lines)
    )
    return _share_sentence(text, [(line, line.shipped) for line in lines])


def coverage_sentence(lines: Sequence[RequestLine]) -> str:
    """Return a sentence on how many lines are covered, or "".

    It names the line with the smallest share if one is not.
    """
    text = ngettext("%(done)d of %(all)d line covered", "%(done)d of %(all)d lines covered", len(lines))
    return _share_sentence(text, [(line, line.covered_quantity) for line in lines])


def _share_sentence(text: str, parts: Sequence[tuple[RequestLine, int]]) -> str:
    """Return the text with the number of complete lines, and the figures of the least complete one."""
    if not parts:
        return ""
    short = [(line, part) for line, part in parts if part < line.quantity]
    count = {"done": len(parts) - len(short), "all": len(parts)}
    if not short:
        return text % count
    least, part = min(short, key=lambda one: (one[1] / one[0].quantity, one[0].position))
    figures = {
        "product": least.product.name,
        "part": format_quantity(part),
        "quantity": format_quantity(least.quantity),
    }
    return _("; ").join((text % count, _("%(product)s: %(part)s of %(quantity)s") % figures))


def _reason_sentence(line: RequestLine, meets: str, unit: str) -> str:
    if meets == GoodsMatchLevel.BELOW_STANDARD:
        return _("Also offered, but not counted: %(amount)s below the requested standard.")
    if meets == GoodsMatchLevel.COMPARABLE:
        return _("Also offered, but counted apart: %(amount)s of a comparable standard. Evidence is needed.")
    if meets == GoodsMatchLevel.UNKNOWN:
        return _("Also offered, but not counted: %(amount)s not known to meet the requested standard.")
    if unit != line.product.unit:
        return _("Also offered, but not counted: %(amount)s of other goods, measured in another unit.")
    return _("Also offered, but not counted: %(amount)s of goods that the need line does not accept.")
