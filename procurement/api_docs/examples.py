"""Example bodies for the API operations that have longer bodies, set in April 2020.

A test sends each example to its serializer, so that none becomes outdated.
"""

from typing import Any

EXAMPLE_REASON_BODY = {"reason": "Agreed with the hospital by phone."}
EXAMPLE_BODIES: dict[str, dict[str, Any]] = {
    "cities_create": {
        "slug": "nanaimo-ca",
        "name_en": "Nanaimo",
        "country": "CA",
        "subdivision": "CA-BC",
        "level": "city",
        "timezone": "America/Vancouver",
        "currency": "CAD",
    },
    "agreements_create": {
        "city_a": "nanaimo-ca",
        "city_b": "zhongshan-cn",
        "kind": "friendship",
        "signed": {"day": "2014-05"},
        "source_url": "https://nanaimo.example/agreements",
    },
    "exchanges_create": {
        "from_city": "burnaby-ca",
        "to_city": "zhongshan-cn",
        "when": {"day": "2020-02"},
        "kind": "letter",
        "source_url": "https://burnaby.example/letters",
    },
    "organizations_create": {
        "city": "zhongshan-cn",
        "kind": "foreign_affairs_office",
        "name_en": "Foreign Affairs Office of Zhongshan (DEMO)",
        "name_local": "中山市外事办公室（DEMO）",
    },
    "contacts_create": {
        "organization": 1,
        "email": "chen@zhongshan.example",
        "name": "陈晓岚 DEMO",
        "language": "zh-hans",
        "languages": ["zh-hans", "en"],
    },
    "supply_requests_create": {
        "city": "burnaby-ca",
        "title": "Masks for Burnaby Hospital",
        "declared_use": "medical",
        "deliver_to": "4949 Canada Way, Burnaby",
        "deliver_locode": "CAVAN",
        "facility_kinds": ["hospital"],
        "needed_by": "2020-05-20",
        "accepts": ["purchase", "donation"],
        "visibility": "partner_cities",
        "lines": [
            {
                "product": "MASK_SURG",
                "standards": ["ASTM-F2100-L2"],
                "quantity": "200 boxes of 50",
                "max_unit_price": "0.9000",
                "currency": "CAD",
                "days_left": 9,
                "priority": 1,
            }
        ],
    },
    "inquiries_create": {
        "supply_request": "SR-2020-0001",
        "contact": 1,
        "subject": "能否协助寻找口罩？",
        "body": "您好！本拿比医院急需医用外科口罩……",
        "body_own": "Good day. Burnaby Hospital needs surgical masks …",
    },
    "inquiries_answer": {
        "line": "SR-2020-0001/1",
        "supplier": "SU-2020-0001",
        "product": "MASK_SURG",
        "standard": "ASTM-F2100-L2",
        "kind": "sale",
        "stock_quantity": 20000,
        "stock_place": "中山",
        "capacity_per_day": 3000,
        "ready_on": "2020-04-20",
        "available_until": "2020-05-10",
        "unit_price": "0.4800",
        "currency": "USD",
        "incoterm": "FCA",
        "incoterm_place": "Zhongshan",
        "prepayment_percent": 30,
        "payment_terms": "30 % in advance, the rest against documents",
        "sample_available": True,
        "valid_until": "2020-05-31",
    },
    "suppliers_create": {
        "legal_name_local": "中山康护用品有限公司（DEMO）",
        "name_en": "Zhongshan Kanghu DEMO",
        "country": "CN",
        "uscc": "91999999MA5DEM0001",
        "role": "maker",
        "founded_on": "2010-03-01",
        "place": "zhongshan-cn",
        "inquiry": "IQ-2020-0001",
        "contact": 1,
    },
    "certificates_create": {
        "supplier": "SU-2020-0001",
        "kind": "CN_NMPA_REG",
        "number": "粤械注准20202140123",
        "holder": "中山康护用品有限公司（DEMO）",
        "issued_on": "2020-02-10",
        "valid_until": "2025-02-09",
        "products": ["MASK_SURG"],
        "inquiry": "IQ-2020-0001",
        "contact": 1,
    },
    "supplier_changes_create": {
        "thing": "suppliers/SU-2020-0001",
        "verb": "correct",
        "values": {"name_en": "Kanghu Protective Goods DEMO"},
        "reason": "The licence of 2020 names the company so.",
    },
    "bank_accounts_create": {
        "supplier": "SU-2020-0001",
        "holder": "中山康护用品有限公司（DEMO）",
        "number": "6222000000001234",
        "bank": "DEMO Bank of Zhongshan",
        "country": "CN",
        "currency": "USD",
    },
    "bank_accounts_confirm": {"callback_number": "+86 000 5550 0101"},
    "findings_answer": {"answer": "The price is for goods in stock; the maker sent its price list."},
    "verification_tasks_offer": {"contact": 1, "due_at": "2020-04-20T09:00:00Z"},
    "verification_tasks_submit": {
        "answers": {
            "licence_seen": {"answer": "yes", "seen": "The original, in the office."},
            "number_in_register": {"answer": "yes"},
            "scope_covers_goods": {"answer": "could_not_check", "seen": "The last page was missing."},
            "not_abnormal": {"answer": "yes"},
        },
        "method": "visit",
        "place": "中山市",
        "seen_on": "2020-04-15",
        "confidence": 2,
        "summary": "公司真实存在。",
        "language": "zh-hans",
    },
    "allocations_create": {"lead": "SL-2020-0001", "line": "SR-2020-0001/1", "quantity": 10000},
    "allocation_plans_create": {
        "lines": ["SR-2020-0001/1", "SR-2020-0002/1"],
        "leads": ["SL-2020-0001"],
        "rule": "fair",
    },
    "allocation_plans_change_row": {"row": 1, "quantity": 500, "reason": "The hospital lent us some."},
    "allocation_plans_accept": {"rows": [1]},
    "orders_create": {
        "kind": "purchase",
        "city": "burnaby-ca",
        "allocations": ["AL-2020-0001"],
        "shares": [
            {"milestone": "deposit", "percent": 30},
            {"milestone": "against_documents", "percent": 40},
            {"milestone": "after_inspection", "percent": 30},
        ],
        "bank_account": 1,
        "few_offers_reason": "Only one maker had stock.",
        "promised_on": "2020-04-28",
    },
    "decision_memos_create": {"order": "PO-2020-0001"},
    "audit_files_create": {"order": "PO-2020-0001"},
    "bank_accounts_record_callback": {"callback_number": "+86 000 5550 0101"},
    "orders_share": {
        "shares": [{"milestone": "deposit", "percent": 20}, {"milestone": "after_inspection", "percent": 80}]
    },
    "payments_set_due": {"due_on": "2020-05-15", "reason": "Thirty days net were agreed."},
    "payments_pay": {"paid_on": "2020-04-20", "transfer": "TT-2020-118"},
    "generated_documents_create": {
        "kind": "packing_list",
        "language_pair": "zh-en",
        "shipment": "SH-2020-0001",
    },
    "shipments_create": {
        "loads": [{"allocation": "AL-2020-0001", "quantity": 10000}],
        "mode": "air",
        "origin": "CNCAN",
        "destination": "CAVAN",
        "carrier": "DEMO Air Cargo",
        "voyage": "DM 118",
        "air_waybill": "000-1000 0023",
        "planned": {"departed": "2020-04-18T10:00:00Z", "arrived": "2020-04-18T21:00:00Z"},
    },
    "shipments_pack": {
        "cartons": [{"allocation": "AL-2020-0001", "pieces": 1000, "count": 10, "lot_number": "L-200318"}]
    },
    "shipments_estimate": {
        "step": "arrived",
        "expected_at": "2020-04-20T17:00:00Z",
        "reported_by": "DEMO Air Cargo",
    },
    "tracking_events_create": {
        "shipment": "SH-2020-0001",
        "code_system": "iata",
        "code": "RCS",
        "occurred_at": "2020-04-16T10:00:00Z",
        "place": "CNCAN",
        "pieces": 10,
        "external_id": "DM-118-RCS-1",
    },
    "tracking_batches_create": {
        "source": "DEMO Air Cargo",
        "events": [
            {
                "shipment": "SH-2020-0001",
                "code_system": "iata",
                "code": "DEP",
                "occurred_at": "2020-04-18T11:20:00Z",
                "place": "CAN",
                "external_id": "DM-118-DEP-1",
            }
        ],
    },
    "declarations_create": {
        "clearance": "CL-2020-0001",
        "number": "DEMO-EXPORT-0001",
        "office": "Guangzhou (DEMO)",
        "lines": [{"hs_code": "6307900010", "origin": "CN", "value": "4800.00", "currency": "USD"}],
    },
    "customs_holds_create": {
        "clearance": "CL-2020-0002",
        "reason": "The licence of the importer is missing.",
        "question": "Under which licence does the city import?",
    },
    "goods_receipts_create": {
        "shipment": "SH-2020-0001",
        "counts": [
            {
                "allocation": "AL-2020-0001",
                "accepted": 9000,
                "rejected": 1000,
                "missing": 0,
                "lot_number": "L-200318",
                "expires_on": "2022-03-17",
                "reason": "One box was wet.",
            }
        ],
        "cartons": 10,
    },
    "inspections_create": {
        "lot": "LT-2020-0001",
        "sampled": 200,
        "defects": 1,
        "verdict": "passed",
        "measured": "Ear loops, seams, marking.",
        "readings": [{"key": "bfe", "value": "98.6"}, {"key": "whole", "seen": True}],
    },
    "shipments_plan_return": {
        "parts": [{"allocation": "AL-2020-0001", "lot": "LT-2020-0001", "quantity": 1000}],
        "mode": "sea",
        "destination": "CNCAN",
        "cartons": 1,
        "reason": "The lot failed its inspection.",
    },
    "shipments_destroy": {
        "line": "AL-2020-0001",
        "quantity": 40,
        "destroyed_on": "2020-04-29",
        "reason": "Wet cartons, burnt at the city's works. The supplier does not take them back.",
    },
    "distributions_create": {
        "lot": "LT-2020-0001",
        "place": "Burnaby Fire Hall 1, store",
        "quantity": 500,
        "distributed_on": "2020-04-28",
    },
    "relief_claims_correct": {
        "duty_percent": "18.00",
        "duty_source": "Customs Tariff, 6307.90.99",
        "tax_percent": "5.00",
        "tax_source": "Excise Tax Act, section 165",
        "prove_by": "2020-10-31",
        "reason": "Read in the tariff.",
    },
    "relief_claims_repay": {"repaid": "1195.00", "repaid_on": "2020-11-16", "explanation": "Receipt 4471"},
    "comments_create": {"thing": "shipments/SH-2020-0001", "text": "The broker calls customs at nine."},
}


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the examples to the OpenAPI document."""
    for methods in result["paths"].values():
        for operation in methods.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                example = EXAMPLE_BODIES.get(operation["operationId"]) or _reason(media["schema"], result)
                if example:
                    media["example"] = example
    return result


def _reason(schema: dict[str, Any], result: dict[str, Any]) -> dict[str, Any] | None:
    """Return the example for a body that holds only a reason."""
    whole = result["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return EXAMPLE_REASON_BODY if whole.get("properties", {}).keys() == EXAMPLE_REASON_BODY.keys() else None
