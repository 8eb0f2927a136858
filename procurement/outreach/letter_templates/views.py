"""Pages of letter templates: those of a city, one version, and the form with its preview."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import Language
from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.powers import Power
from procurement.outreach.letter_templates.actions import save_letter_template
from procurement.outreach.letter_templates.forms import LetterTemplateForm
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.letter_templates.rules import WITHDRAW_LETTER_TEMPLATE
from procurement.outreach.letters import InquiryLetter, compose_common_letter, default_letter
from procurement.outreach.queries.letters import need_lines, signing_officer
from procurement.requests.models import SupplyRequest
from procurement.requests.unwanted_goods.queries import unwanted_goods_of
from workflow import clock
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate

FORM_TEMPLATE = "letter_templates/form.html"


@login_required
def letter_template_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the letter templates of the reader's cities, newest first, and what to write for each language."""
    rows = LetterTemplate.objects.visible_to(request.by).select_related("city")
    writes = City.objects.filter(pk__in=request.by.cities_with(Power.SEND_INQUIRY)).order_by("name_en", "pk")
    context = {"page": paginate(request, rows), "cities": writes, "languages": Language.choices}
    return render_page(request, "letter_templates/list.html", context)


@login_required
def letter_template_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one version of a letter template."""
    thing = _find_template(request, reference)
    context = {
        "template": thing,
        "powers": request.by,
        "may_write": request.by.may(Power.SEND_INQUIRY, thing),
    }
    return render_page(request, "letter_templates/detail.html", context | activity_context(request, thing))


@login_required
def write_letter_template(request: AuthenticatedRequest, slug: str, language: str) -> HttpResponse:
    """Write the letter template of a city in a language, from the version in use or from the usual letter.

    `look` in the form shows the letter about the city's newest need and saves nothing. Requires the power SEND_INQUIRY.
    """
    city = get_object_or_404(City, slug=slug)
    if city.pk not in request.by.cities_with(Power.SEND_INQUIRY):
        raise PermissionDenied
    if language not in Language.values:
        raise Http404
    current = LetterTemplate.objects.in_use().filter(city=city, language=language).first()
    start = InquiryLetter(current.subject, current.body) if current is not None else default_letter(language)
    form = LetterTemplateForm(request.POST or None, start, current, city.pk)
    context = {"form": form, "city": city, "language": language, "named": Language(language).label}
    if not form.is_valid():
        return render_page(request, FORM_TEMPLATE, context, status=422 if form.is_bound else 200)
    if "look" in request.POST:
        words = InquiryLetter(form.cleaned_data["subject"], form.cleaned_data["body"])
        letter = _example_letter(request, city, words, language)
        return render_page(request, FORM_TEMPLATE, context | {"letter": letter, "looked": True})
    return run_action(
        request,
        lambda: save_letter_template(
            city, language=language, **form.cleaned_data, by=request.by, at=clock.now()
        ),
        done=lambda new: new.get_absolute_url(),
        template=FORM_TEMPLATE,
        context=context,
    )


@login_required
def make_letter_template_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Remove a letter template."""
    return run_move(request, _find_template(request, reference), verb, LETTER_TEMPLATE_MOVE_OPTIONS)


def _example_letter(
    request: AuthenticatedRequest, city: City, words: InquiryLetter, language: str
) -> InquiryLetter | None:
    """Return the letter about the city's newest need in these words, or None if the city has no need.

    The merge fields of the contact stay in braces.
    """
    need = SupplyRequest.objects.filter(city=city, lines__isnull=False).order_by("-pk").first()
    if need is None:
        return None
    return compose_common_letter(
        need,
        need_lines(need),
        language,
        signatory=signing_officer(request.user, city),
        unwanted=unwanted_goods_of([city.pk], city.day_at(clock.now())),
        template=words,
    )


def _find_template(request: AuthenticatedRequest, reference: str) -> LetterTemplate:
    rows = LetterTemplate.objects.visible_to(request.by).select_related("city")
    return get_object_or_404(rows, reference=reference)


LETTER_TEMPLATE_MOVE_OPTIONS = move_options(WITHDRAW_LETTER_TEMPLATE)
