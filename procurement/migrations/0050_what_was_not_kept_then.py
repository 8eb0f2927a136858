"""Facts that were not kept when things were recorded, filled in from what was: codes of claims, receivers of hand-outs and shipments."""

from typing import Any

from django.db import migrations

RECEIVERS = ("hospital", "health_authority", "laboratory", "municipality", "association")
READ_FROM_NEEDS = ("procurement", "0043_receivers_of_needs")


def fill_codes(apps: Any, schema_editor: Any) -> None:
    """Give each claim without a customs code that of its line of the declaration."""
    claims = apps.get_model("procurement", "ReliefClaim").objects.filter(hs_code="")
    for claim in claims.select_related("declaration").order_by("pk").iterator():
        lines = claim.declaration.lines
        line = lines[claim.position - 1] if 0 < claim.position <= len(lines) else {}
        claim.hs_code = str(line.get("hs_code") or "")[:10]
        if claim.hs_code:
            claim.save(update_fields=["hs_code"])


def fill_receivers(apps: Any, schema_editor: Any) -> None:
    """Give each hand-out to an organisation its kind, by which it counted for conditions of reliefs until now."""
    outs = apps.get_model("procurement", "HandOut").objects.filter(receiver="")
    for kind in RECEIVERS:
        outs.filter(organisation__kind=kind).update(receiver=kind)


def forget_the_municipality(apps: Any, schema_editor: Any) -> None:
    """Empty the municipality that planning wrote where a need named no receiver, until receivers were read from the needs.

    A shipment planned since then names the municipality because a person chose it, and keeps it.
    """
    shipments = apps.get_model("procurement", "Shipment").objects.filter(consignee="municipality")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT applied FROM django_migrations WHERE app = %s AND name = %s", READ_FROM_NEEDS)
        applied = cursor.fetchone()
    if applied is not None:
        shipments = shipments.filter(created_at__lt=applied[0])
    lines = apps.get_model("procurement", "ShipmentLine").objects.filter(shipment__in=shipments)
    unnamed = lines.filter(order_line__allocation__line__supply_request__facility_kinds=[])
    shipments.filter(pk__in=list(unnamed.values_list("shipment", flat=True))).update(consignee="")


def fill(apps: Any, schema_editor: Any) -> None:
    """All three."""
    fill_codes(apps, schema_editor)
    fill_receivers(apps, schema_editor)
    forget_the_municipality(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0049_receivers_of_hand_outs")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
