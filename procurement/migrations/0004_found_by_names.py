"""Companies are compared by both their names, and offers are found by the names of their company and their goods."""

from typing import Any

import workflow.search
from django.db import migrations, models
from procurement.suppliers.rules.comparing import name_key


def fill(apps: Any, schema_editor: Any) -> None:
    """Work both columns out for what is there already."""
    companies = apps.get_model("procurement", "Supplier")
    for company in companies.objects.exclude(name_en="").order_by("pk").iterator():
        companies.objects.filter(pk=company.pk).update(name_en_key=name_key(company.name_en)[:200])
    offers = apps.get_model("procurement", "SupplierLead")
    for lead in offers.objects.select_related("supplier", "product").order_by("pk").iterator():
        named = "\n".join(_names(lead))
        found_by = workflow.search.grams(lead.reference, lead.remark, named)
        offers.objects.filter(pk=lead.pk).update(named=named, search=found_by)


def _names(lead: Any) -> list[str]:
    """As `leads.rules.facts.names` has them."""
    current = lead.supplier
    while current.merged_into is not None:
        current = current.merged_into
    companies = {lead.supplier.pk: lead.supplier, current.pk: current}
    said = [name for key in sorted(companies) for name in (companies[key].legal_name_local, companies[key].name_en)]
    product = lead.product
    return [name for name in (*said, product.name_en, product.name_fr, product.name_zh) if name]


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0003_indexes_of_today"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplier",
            name="name_en_key",
            field=models.CharField(
                default="",
                editable=False,
                help_text="The English name as it is compared.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="supplierlead",
            name="named",
            field=models.TextField(
                default="",
                editable=False,
                help_text="The names of its company and its product, to be found by.",
            ),
        ),
        migrations.AlterField(
            model_name="supplierlead",
            name="search",
            field=workflow.search.GramsField(
                base_field=models.CharField(max_length=2),
                default=list,
                editable=False,
                of=("reference", "remark", "named"),
            ),
        ),
        migrations.AddIndex(
            model_name="supplier",
            index=models.Index(
                models.F("name_en_key"),
                condition=models.Q(("name_en_key", ""), _negated=True),
                name="supplier_by_name_en",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
