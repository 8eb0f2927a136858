"""Need lines list the goods that they accept in place of the tick for any; allocations name who accepted a substitution."""

import logging

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

logger = logging.getLogger(__name__)

INTERCHANGEABLE_FAMILIES = ({"mask", "respirator"}, {"gown", "coverall"})
BETTER_GROUNDS = ("HIGHER", "FFP3-FFP2", "SURGICAL-N95-PLUS")
COMPARED_VERDICTS = ("equal", "better", "neighbour")
ALLOCATED_STATUSES = ("proposed", "confirmed", "ordered", "fulfilled")
COUNTED_STATUSES = ("confirmed", "ordered", "fulfilled")

MATCH_LEVELS = [
    ("equal", "Meets the requested standard"),
    ("better", "Better than requested"),
    ("accepted", "Accepted alternative"),
    ("neighbour", "Comparable: evidence needed"),
    ("other", "Different product from the one requested"),
    ("no", "Below the requested standard"),
    ("unknown", "Standard unknown"),
]


def list_alternatives(apps, schema_editor):
    """List what the ticked lines accepted so far, and let the periodic job screen the offers of open needs again.

    On a line with standards, these are the products of its purpose and unit for which the catalogue lists an accepted
    standard, or one that is compared with it; the standards of the line decide. On a line without standards, other
    products never counted: listed are only those that were allocated to it, in their standard. The log names the needs with
    a line of which the tick is lost, because there is nothing to list.
    """
    lost = []
    RequestLine = apps.get_model("procurement", "RequestLine")
    LineAlternative = apps.get_model("procurement", "LineAlternative")
    for line in RequestLine.objects.filter(alternatives_allowed=True).select_related("product", "supply_request"):
        found = _listed_products(apps, line) if line.standards.exists() else _allocated_goods(apps, line)
        LineAlternative.objects.bulk_create(
            LineAlternative(line=line, position=position, product_id=product, standard_id=standard)
            for position, (product, standard) in enumerate(found, start=1)
        )
        if not found:
            lost.append(line.supply_request.reference)
    if lost:
        logger.warning("Alternatives were welcome, and none can be listed: %s", ", ".join(dict.fromkeys(lost)))
    _screen_again(RequestLine.objects.filter(supply_request__status="open", leads__isnull=False))


def _listed_products(apps, line):
    asked = set(line.standards.values_list("pk", flat=True))
    rows = apps.get_model("procurement", "StandardEquivalence").objects.filter(
        asked__in=asked, verdict__in=COMPARED_VERDICTS
    )
    listed = Q(standard_links__standard__in=asked | set(rows.values_list("offered", flat=True)))
    products = _replacing_products(apps, line.product).filter(listed).exclude(pk=line.product_id).distinct()
    own_first = sorted(products, key=lambda one: (one.family != line.product.family, one.code))
    return [(one.pk, None) for one in own_first]


def _allocated_goods(apps, line):
    rows = apps.get_model("procurement", "Allocation").objects.filter(
        line=line, status__in=ALLOCATED_STATUSES, lead__product__in=_replacing_products(apps, line.product)
    )
    others = rows.exclude(lead__product=line.product_id).order_by("pk")
    return list(dict.fromkeys(others.values_list("lead__product", "lead__standard")))


def _replacing_products(apps, product):
    families = next((group for group in INTERCHANGEABLE_FAMILIES if product.family in group), {product.family})
    return apps.get_model("procurement", "Product").objects.filter(family__in=families, unit=product.unit)


def _screen_again(lines):
    keys = list(lines.values_list("pk", flat=True))
    lines.model.objects.filter(pk__in=keys).update(changed_at=timezone.now())


def rank_standards(apps, schema_editor):
    """Give the equivalences of higher levels the verdict "better"."""
    Equivalence = apps.get_model("procurement", "StandardEquivalence")
    Equivalence.objects.filter(verdict="equal", ground__code__in=BETTER_GROUNDS).update(verdict="better")


def describe_allocations(apps, schema_editor):
    """Record how the allocated goods match their line as far as it is known, and who confirmed another product.

    An offer made for the line has its stored level, as it is ranked now. For one made for another line, another product is
    accepted if the line lists it now, else different, and the catalogue tells about the line's own. In another standard
    it was no substitution that a person was asked to accept, so no one is named. What was compared is not known.
    """
    Allocation = apps.get_model("procurement", "Allocation")
    Entry = apps.get_model("workflow", "Entry")
    for one in Allocation.objects.filter(status__in=ALLOCATED_STATUSES).select_related(
        "lead__product", "lead__standard", "line"
    ):
        level = _level(apps, one.lead, one.line)
        confirmed = Entry.objects.filter(
            thing_label="procurement.allocation", thing_id=one.pk, verb="confirm"
        ).order_by("pk")
        other = one.lead.product_id != one.line.product_id and one.status in COUNTED_STATUSES
        by = confirmed.values_list("by", flat=True).first() if other else None
        Allocation.objects.filter(pk=one.pk).update(goods_match=level, substitution_accepted_by=by)


def _level(apps, lead, line):
    other = lead.product_id != line.product_id
    level = _level_by_standard(apps, lead, line)
    if other and _is_listed(apps, lead, line, level):
        return "accepted"
    if lead.line_id == line.pk:
        if lead.meets != "equal" or level == "better":
            return "better" if lead.meets == "equal" else lead.meets
        return "accepted" if other else "equal"
    return "other" if other else level


def _is_listed(apps, lead, line, level):
    """Return True if the line lists the product in this standard, or in any that meets the line's own."""
    rows = apps.get_model("procurement", "LineAlternative").objects.filter(line=line.pk, product=lead.product_id)
    standards = set(rows.values_list("standard", flat=True))
    return (None in standards and level != "unknown") or (lead.standard_id in standards - {None})


def _level_by_standard(apps, lead, line):
    standards = set(line.standards.values_list("pk", flat=True))
    if not standards or lead.standard_id in standards:
        return "equal"
    rows = apps.get_model("procurement", "StandardEquivalence").objects.filter(
        asked__in=standards, offered=lead.standard_id, verdict__in=("equal", "better")
    )
    return min(rows.values_list("verdict", flat=True), key=("equal", "better").index, default="unknown")


def tick_alternatives(apps, schema_editor):
    """Tick the lines that list alternatives."""
    RequestLine = apps.get_model("procurement", "RequestLine")
    keys = apps.get_model("procurement", "LineAlternative").objects.values("line")
    RequestLine.objects.filter(pk__in=keys).update(alternatives_allowed=True)


def merge_levels(apps, schema_editor):
    """Give equivalences and offers the levels that there were before, and let the periodic job screen the offers again."""
    apps.get_model("procurement", "StandardEquivalence").objects.filter(verdict="better").update(verdict="equal")
    Lead = apps.get_model("procurement", "SupplierLead")
    ranked = Lead.objects.filter(meets__in=("better", "accepted"))
    _screen_again(apps.get_model("procurement", "RequestLine").objects.filter(leads__in=ranked))
    ranked.filter(meets="accepted").exclude(product=F("line__product")).update(meets="other")
    ranked.update(meets="equal")


class Migration(migrations.Migration):

    dependencies = [
        ("procurement", "0006_order_acknowledgements"),
        ("workflow", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="evidence",
            field=models.TextField(
                blank=True,
                help_text="What shows that goods that do not meet the standard will do.",
                verbose_name="evidence seen",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="compared_goods",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Codes of the product and the standard that were compared (`goods_code`).",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="allocation",
            name="goods_match",
            field=models.CharField(
                choices=MATCH_LEVELS,
                default="equal",
                editable=False,
                help_text="When it was proposed or, later, confirmed.",
                max_length=10,
                verbose_name="match with the need line",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="substitution_accepted_by",
            field=models.ForeignKey(
                editable=False,
                help_text="Who confirmed goods other than those that the line asks for first.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="standardequivalence",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("equal", "Meets the requirement"),
                    ("better", "Better than requested"),
                    ("neighbour", "Comparable: evidence needed"),
                    ("no", "Does not meet the requirement"),
                    ("unknown", "Unknown: a person must decide"),
                ],
                max_length=10,
                verbose_name="verdict",
            ),
        ),
        migrations.AlterField(
            model_name="supplierlead",
            name="meets",
            field=models.CharField(choices=MATCH_LEVELS, default="unknown", max_length=10),
        ),
        migrations.CreateModel(
            name="LineAlternative",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order of preference")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alternatives",
                        to="procurement.requestline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.standard",
                        verbose_name="standard",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("line", "position"), name="alternative_position_once"),
                    models.UniqueConstraint(
                        fields=("line", "product", "standard"), name="alternative_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.RunPython(list_alternatives, tick_alternatives),
        migrations.RunPython(rank_standards, merge_levels),
        migrations.RunPython(describe_allocations, migrations.RunPython.noop),
        migrations.RemoveField(model_name="requestline", name="alternatives_allowed"),
    ]
