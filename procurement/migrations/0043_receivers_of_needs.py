"""A shipment keeps the receiver that it names itself; a copy of what its needs said is read from them again."""

from typing import Any

from django.db import migrations


def forget_copies(apps: Any, schema_editor: Any) -> None:
    """Empty the receiver of each shipment where one of its needs names the same."""
    shipments = apps.get_model("procurement", "Shipment").objects.exclude(consignee="")
    lines = apps.get_model("procurement", "ShipmentLine").objects.filter(shipment__in=shipments)
    named = lines.values_list(
        "shipment", "shipment__consignee", "order_line__allocation__line__supply_request__facility_kinds"
    )
    copies = {pk for pk, consignee, kinds in named if consignee in kinds}
    shipments.filter(pk__in=copies).update(consignee="")


class Migration(migrations.Migration):
    dependencies = [("procurement", "0042_importers_added_later")]
    operations = [migrations.RunPython(forget_copies, migrations.RunPython.noop)]
