"""When the words of a question were written: a need may change before they go."""

from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def read_it_from_the_journal(apps, _schema_editor):
    """Words were written as the question was, or changed later; a colleague was handed the words of another question."""
    inquiries = apps.get_model("procurement", "Inquiry").objects
    entries = apps.get_model("workflow", "Entry").objects
    rewritten = entries.filter(
        thing_label="procurement.inquiry", thing_id=OuterRef("pk"), verb="revise", after__has_key="body"
    )
    inquiries.update(
        worded_at=Coalesce(Subquery(rewritten.order_by("-pk").values("at")[:1]), F("created_at"))
    )
    handed = inquiries.filter(status="handed_over").order_by("pk")
    for pk, onward in handed.values_list("pk", "handed_to"):
        inquiries.filter(pk=onward).update(worded_at=inquiries.get(pk=pk).worded_at)


def leave_old_changes_untold(apps, _schema_editor):
    """Who has answered, or was waited for no longer, hears of what changes from now on, and not of all that changed before."""
    latest = apps.get_model("workflow", "Entry").objects.aggregate(at=Max("at"))["at"]
    told = apps.get_model("procurement", "Inquiry").objects.filter(status__in=("answered", "lapsed"))
    told.update(restated_at=latest)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0047_cities_of_accounts"), ("workflow", "0007_place_in_the_feed")]
    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="worded_at",
            field=models.DateTimeField(
                editable=False,
                null=True,
                help_text="When these words were written. They do not include later changes to the need.",
            ),
        ),
        migrations.RunPython(read_it_from_the_journal, migrations.RunPython.noop),
        migrations.RunPython(leave_old_changes_untold, migrations.RunPython.noop),
        # PostgreSQL alters no table whose rows wait for a check at the end of the transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="inquiry",
            name="worded_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When these words were written. They do not include later changes to the need.",
            ),
        ),
    ]
