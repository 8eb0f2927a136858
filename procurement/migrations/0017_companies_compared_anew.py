"""Names and phone numbers as they are compared now: in simplified characters, and as they are dialled from anywhere."""

from django.db import migrations, models

from procurement.suppliers.rules.comparing import name_key, phone_key
from procurement.suppliers.rules.facts import value_key

AT_ONCE = 1000


def compare_anew(apps, schema_editor):
    """Write the keys of companies, and of what sources say of them, as the rules of this version make them."""
    companies = apps.get_model("procurement", "Supplier").objects
    rows = []
    for row in companies.order_by("pk").iterator(chunk_size=AT_ONCE):
        row.phone_key = phone_key(row.phone, row.country)[:60]
        row.name_key, row.name_en_key = name_key(row.legal_name_local)[:200], name_key(row.name_en)[:200]
        rows.append(row)
    companies.bulk_update(rows, ["phone_key", "name_key", "name_en_key"], batch_size=AT_ONCE)
    facts = apps.get_model("procurement", "CompanyFact").objects
    said = list(facts.select_related("supplier").order_by("pk"))
    for row in said:
        row.value_key = value_key(row.name, row.value, row.supplier.country)
    facts.bulk_update(said, ["value_key"], batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0016_memos_and_bundles'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='companyfact',
            name='company_fact_by_value',
        ),
        migrations.AddIndex(
            model_name='companyfact',
            index=models.Index(models.F('value_key'), models.F('name'), name='company_fact_by_value'),
        ),
        migrations.RunPython(compare_anew, migrations.RunPython.noop),
    ]
