"""Move the saved views of the shipment board into the table of the saved views of every list."""

from urllib.parse import parse_qsl, urlencode

from django.db import migrations


def move_views(apps, schema_editor):
    """Copy each view of the board, with its parameters in the order in which views now hold them."""
    views = apps.get_model("partners", "SavedView")
    old = apps.get_model("procurement", "BoardView").objects.order_by("pk")
    views.objects.bulk_create(
        views(
            user_id=one.user_id,
            listed="shipments",
            name=one.name,
            query=urlencode(sorted(parse_qsl(one.query))),
        )
        for one in old
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_saved_views"),
        ("procurement", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move_views, migrations.RunPython.noop),
        migrations.DeleteModel(name="BoardView"),
    ]
