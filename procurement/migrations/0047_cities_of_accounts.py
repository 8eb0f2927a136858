"""An account keeps for which cities it was entered or called about: what those people are later changes nothing."""

import django.contrib.postgres.fields
from django.db import migrations, models


def say_whose(apps, _schema_editor):
    """The cities in which the person who entered or confirmed an account has a role today; earlier roles have no recorded days."""
    accounts = apps.get_model("procurement", "BankAccount").objects
    roles = apps.get_model("partners", "Membership").objects.filter(status="active", city__isnull=False)
    of = {}
    for person, city in roles.values_list("user", "city"):
        of.setdefault(person, set()).add(city)
    for key, proposed_by, confirmed_by in accounts.values_list("pk", "proposed_by", "confirmed_by"):
        cities = of.get(proposed_by, set()) | of.get(confirmed_by, set())
        if cities:
            accounts.filter(pk=key).update(cities=sorted(cities))


class Migration(migrations.Migration):
    dependencies = [("procurement", "0046_partner_cities_get_a_day")]
    operations = [
        migrations.AddField(
            model_name="bankaccount",
            name="cities",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                editable=False,
                help_text="The cities, by id, for which it was entered or called about: where those people acted that day.",
            ),
        ),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
    ]
