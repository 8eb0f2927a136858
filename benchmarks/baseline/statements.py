"""SQL of the baseline's lists and detail, each one hand-written statement.

`reads.py` adds the filter, the search and the position.
"""

from typing import NamedTuple


class ListStatement(NamedTuple):
    """A list: its columns (name in the answer, expression), its tables, and its visibility condition (`visibility_condition`)."""

    columns: tuple[tuple[str, str], ...]
    tables: str
    visibility_condition: str


def _plain(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"x.{name}") for name in names)


NEED_LIST = ListStatement(
    (
        *_plain("reference", "status"),
        ("city", "c.slug"),
        *_plain("title", "declared_use", "needed_by", "reconfirm_by", "accepts", "visibility", "stopped"),
        *_plain("lapsed"),
        (
            "stale",
            """coalesce(x.status = 'open' AND x.reconfirm_by
                < timezone(coalesce(nullif(c.timezone, ''), 'UTC'), now())::date, false)""",
        ),
        *_plain("posted_at", "created_at"),
    ),
    "procurement_supplyrequest x JOIN partners_city c ON c.id = x.city_id",
    """(x.city_id = ANY(%(sees)s)
        OR x.id IN (SELECT s.supplyrequest_id FROM procurement_supplyrequest_shared_with s WHERE s.city_id = ANY(%(sees)s))
        OR x.status <> 'draft' AND (x.visibility IN ('network', 'public')
                                    OR x.visibility = 'partner_cities'
                                        AND x.city_id = ANY(%(partner_cities)s)))""",
)
LEAD_LIST = ListStatement(
    (
        *_plain("reference", "status"),
        ("city", "c.slug"),
        ("line", "n.reference || '/' || l.position"),
        ("inquiry", "i.reference"),
        ("supplier", "s.reference"),
        ("product", "p.code"),
        ("standard", "st.code"),
        *_plain("meets", "kind", "supply", "allocated"),
        ("free", "x.supply - x.allocated"),
        *_plain(
            "unit_price", "currency", "price_in_city_currency", "ready_on", "available_until", "valid_until"
        ),
        *_plain("valid_until_assumed"),
        *_plain("created_at"),
    ),
    """procurement_supplierlead x JOIN partners_city c ON c.id = x.city_id
       JOIN procurement_supplier s ON s.id = x.supplier_id JOIN procurement_product p ON p.id = x.product_id
       LEFT JOIN procurement_requestline l ON l.id = x.line_id
       LEFT JOIN procurement_supplyrequest n ON n.id = l.supply_request_id
       LEFT JOIN procurement_inquiry i ON i.id = x.inquiry_id
       LEFT JOIN procurement_standard st ON st.id = x.standard_id""",
    """(x.city_id = ANY(%(sees)s) OR x.contact_id = ANY(%(places)s)
        OR x.id IN (SELECT h.supplierlead_id FROM procurement_supplierlead_shared_with h WHERE h.city_id = ANY(%(sees)s)))""",
)
CHECK_LIST = ListStatement(
    (
        *_plain("reference", "status"),
        ("city", "c.slug"),
        ("lead", "d.reference"),
        ("supplier", "s.reference"),
        ("certificate", "e.reference"),
        ("requested_certificate_type", "w.code"),
        ("check", "x.check_kind"),
        *_plain("needed", "why"),
        ("contact", "x.contact_id"),
        *_plain(
            "offered_at", "taken_at", "due_at", "reminder_count", "submitted_at", "reviewed_at", "created_at"
        ),
    ),
    """procurement_verificationtask x JOIN partners_city c ON c.id = x.city_id
       JOIN procurement_supplierlead d ON d.id = x.lead_id JOIN procurement_supplier s ON s.id = x.supplier_id
       LEFT JOIN procurement_certificate e ON e.id = x.certificate_id
       LEFT JOIN procurement_certificatetype w ON w.id = x.requested_certificate_type_id""",
    "(x.city_id = ANY(%(sees)s) OR x.contact_id = ANY(%(places)s))",
)
ORDER_LIST = ListStatement(
    (
        *_plain("reference", "status", "kind"),
        ("city", "c.slug"),
        ("supplier", "s.reference"),
        ("donor_city", "g.slug"),
        *_plain("currency"),
        ("total", "x.goods_total + x.extra_costs + x.taxes"),
        *_plain(
            *(
                "total_in_city_currency",
                "promised_on",
                "placed_at",
                "confirmed_at",
                "completed_at",
                "created_at",
            ),
            *("waiting_since", "held_since", "held_until"),
        ),
    ),
    """procurement_order x JOIN partners_city c ON c.id = x.city_id
       JOIN procurement_supplier s ON s.id = x.supplier_id LEFT JOIN partners_city g ON g.id = x.donor_city_id""",
    "x.city_id = ANY(%(sees)s)",
)
SHIPMENT_LIST = ListStatement(
    (
        *_plain("reference", "status"),
        ("city", "c.slug"),
        *_plain("mode", "carrier", "voyage", "air_waybill", "origin", "destination", "expected_on"),
        *_plain(
            "departed_at", "arrived_at", "delivered_at", "documents_missing", "held", "alerts", "created_at"
        ),
    ),
    "procurement_shipment x JOIN partners_city c ON c.id = x.city_id",
    "(x.city_id = ANY(%(sees)s) OR x.contact_id = ANY(%(places)s))",
)
LIST_STATEMENTS = {
    "supply-requests": NEED_LIST,
    "supplier-leads": LEAD_LIST,
    "verification-tasks": CHECK_LIST,
    "orders": ORDER_LIST,
    "shipments": SHIPMENT_LIST,
}

# Pieces for a need line that are still to be counted at the dock, in shipments that the reader may see.
INCOMING_LINES_SQL = """procurement_shipmentline g JOIN procurement_shipment h ON h.id = g.shipment_id
       JOIN procurement_orderline k ON k.id = g.order_line_id JOIN procurement_allocation b ON b.id = k.allocation_id
       WHERE b.line_id = l.id AND h.status IN ('planned', 'packed', 'in_transit', 'arrived', 'delivered')
         AND g.quantity > g.accepted + g.rejected + g.missing
         AND (h.city_id = ANY(%(sees)s) OR h.contact_id = ANY(%(places)s))"""
INCOMING_PIECES_SQL = "SELECT coalesce(sum(g.quantity - g.accepted - g.rejected - g.missing), 0)"
NEED_SQL = f"""
    SELECT {", ".join(expression for _name, expression in NEED_LIST.columns)},
      x.facility_kinds, x.deliver_to, x.deliver_locode, x.importer_of_record, x.notes, x.notes_language,
      CASE WHEN x.city_id = ANY(%(sees)s) THEN ARRAY(SELECT o.slug FROM procurement_supplyrequest_shared_with s
        JOIN partners_city o ON o.id = s.city_id WHERE s.supplyrequest_id = x.id) END,
      CASE WHEN x.city_id = ANY(%(sees)s) THEN x.waiting_since END,
      CASE WHEN x.city_id = ANY(%(sees)s) THEN x.sent_back_at END,
      CASE WHEN x.city_id = ANY(%(sees)s) THEN x.proposal END,
      (SELECT coalesce(json_agg(json_build_object(
          'position', l.position, 'product', p.code,
          'standards', ARRAY(SELECT t.code FROM procurement_requestline_standards r
                             JOIN procurement_standard t ON t.id = r.standard_id WHERE r.requestline_id = l.id),
          'quantity', l.quantity, 'needed_by', l.needed_by,
          'max_unit_price', CASE WHEN x.city_id = ANY(%(sees)s) THEN l.max_unit_price::text END,
          'currency', CASE WHEN x.city_id = ANY(%(sees)s) THEN l.currency ELSE '' END,
          'use_per_day', CASE WHEN x.city_id = ANY(%(sees)s) THEN l.use_per_day END,
          'runs_out_on', CASE WHEN x.city_id = ANY(%(sees)s) THEN l.runs_out_on END,
          'priority', l.priority,
          'alternatives', (SELECT coalesce(json_agg(json_build_object('product', ap.code, 'standard', at.code)
             ORDER BY a.position), '[]') FROM procurement_linealternative a
             JOIN procurement_product ap ON ap.id = a.product_id
             LEFT JOIN procurement_standard at ON at.id = a.standard_id WHERE a.line_id = l.id),
          'offered', l.offered,
          'offered_short', l.offered_short, 'verified_free', l.verified_free, 'allocated', l.allocated,
          'shipped', l.shipped, 'arrived', l.arrived, 'released', l.released,
          'covered', least(l.quantity, l.allocated + l.verified_free),
          'to_find', l.quantity - least(l.quantity, l.allocated + l.verified_free),
          'next_arrival', (SELECT min(h.expected_on) FROM {INCOMING_LINES_SQL}),
          'arriving_in_time', ({INCOMING_PIECES_SQL} FROM {INCOMING_LINES_SQL} AND h.expected_on <= coalesce(l.needed_by, x.needed_by)),
          'arriving_late', ({INCOMING_PIECES_SQL} FROM {INCOMING_LINES_SQL} AND h.expected_on > coalesce(l.needed_by, x.needed_by))
          ) ORDER BY l.position), '[]')
       FROM procurement_requestline l JOIN procurement_product p ON p.id = l.product_id WHERE l.supply_request_id = x.id),
      (SELECT coalesce(json_agg(json_build_object(
          'at', e.at, 'question', e.facts->>'question', 'answer', e.facts->>'answer') ORDER BY e.id), '[]')
       FROM workflow_entry e
       WHERE e.thing_label = 'procurement.supplyrequest' AND e.thing_id = x.id AND e.verb = 'clarify')
    FROM {NEED_LIST.tables} WHERE {NEED_LIST.visibility_condition} AND x.reference = %(reference)s
"""
NEED_COLUMNS = (
    *(name for name, _expression in NEED_LIST.columns),
    *("facility_kinds", "deliver_to", "deliver_locode", "importer_of_record", "notes", "notes_language"),
    *("shared_with", "waiting_since", "sent_back_at", "proposal", "lines", "answers"),
)
