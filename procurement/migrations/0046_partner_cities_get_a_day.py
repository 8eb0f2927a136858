"""A question that has waited for a partner city since before gets a day, from which on the clock reminds and at last lets go."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F


def give_a_day(apps, _schema_editor):
    waits = apps.get_model("procurement", "Inquiry").objects.filter(status="awaiting_consent")
    due_at = F("created_at") + timedelta(days=4)
    waits.update(partner_asked_at=F("created_at"), due_at=due_at, chase_at=due_at)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0045_partner_contacts_agree")]
    operations = [migrations.RunPython(give_a_day, migrations.RunPython.noop)]
