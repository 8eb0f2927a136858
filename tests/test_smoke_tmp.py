import pytest
from datetime import date, timedelta
from tests import world
from accounts.actions import links as linkacts
from procurement.catalogue.models import Product, Standard
from procurement.requests import actions as requests
from procurement.requests.actions import LineFacts
from procurement.outreach import actions as outreach
from procurement.verification import actions as checks
from procurement.verification.questions import of
from procurement.leads.models import SupplierLead
from workflow import clock
from django.test import Client
pytestmark = pytest.mark.django_db
def test_pages(client):
    at = world.NOW
    b = world.city("burnaby"); z = world.city("zhongshan"); world.twinning(b, z); c = world.contact("zhongshan")
    p = Product.objects.create(code="N95", name_en="N95", name_fr="N95", name_zh="N95", unit="piece", family="respirator", confidence="firm")
    officer = world.member("officer", b); by = world.powers_for(officer)
    clock.create_instance("practice", world.NOW)
    need = requests.draft(b, title="N95", author=officer, by=by, at=at, accepts=["purchase"], needed_by=date(2020,4,30), deliver_to="Depot")
    requests.set_lines(need, [LineFacts(product=p, quantity=500_000)], by=by, at=at)
    requests.post(need, by=by, at=at)
    iq = outreach.propose(need, c, subject="x", body="y", author=officer, by=by, at=at)
    outreach.send(iq, by=by, at=at)
    from workflow.actors import CLOCK
    def go(u, d=None, **k):
        r = client.post(u, d, **k) if d is not None else client.get(u)
        print(u, r.status_code, r.headers.get("Location",""))
        if r.status_code >= 400:
            import re; t=r.content.decode(); print("  !!", re.sub(r"<[^>]+>"," ", " ".join(re.findall(r'role="alert".{0,900}', t, re.S)))[:300].replace("\n"," "))
        return r
    import inspect
    pass
    token = linkacts.issue(user=c.user, purpose="answer", thing_label=iq._meta.label_lower, thing_id=iq.pk, by=CLOCK, at=at, real_at=clock.real_now()).url.rstrip("/").rsplit("/",1)[1]
    go(f"/l/{token}/"); r = go(f"/l/{token}/", {}); u = r.headers["Location"]; r = go(u)
    line = need.lines.get()
    d = dict(supplier="演示公司", line=line.pk, stock="100000", price="10", currency="CNY")
    r = go(u, d); r = go(u, d | {"confirmed": "1"}); r = go(r.headers["Location"]); go(u); go(u+"colleague/"); go(u+"cannot/")
    lead = SupplierLead.objects.get(); t = checks.open_checks(lead, by=by, at=at)[0]
    checks.offer(t, c, by=by, at=at)
    token = linkacts.issue(user=c.user, purpose="answer", thing_label=t._meta.label_lower, thing_id=t.pk, by=CLOCK, at=at, real_at=clock.real_now()).url.rstrip("/").rsplit("/",1)[1]
    r = go(f"/l/{token}/", {}); u = r.headers["Location"]; go(u); r = go(u, {"x":"1"})
    client.force_login(officer)
    for u in ("/leads/", f"/leads/{lead.reference}/", "/checks/", f"/checks/{t.reference}/", "/suppliers/", f"/suppliers/{lead.supplier.reference}/", "/suppliers/new/", "/leads/new/", f"/leads/{lead.reference}/edit/", f"/leads/{lead.reference}/reject/"):
        go(u)
    t2 = checks.propose(lead, "sample_test", by=by, at=at); go(f"/checks/{t2.reference}/assign/"); go(f"/checks/{t2.reference}/assign/", {"contact": c.pk})
    f = lead.findings.first(); go(f"/findings/{f.reference}/answer/"); go(f"/findings/{f.reference}/answer/", {"answer": "fine"})
    r = go("/suppliers/new/", dict(legal_name_local="演示", country="cn")); go(f"/suppliers/{lead.supplier.reference}/certificates/new/")
    v = world.member("verifier", b); vby = world.powers_for(v)
    from procurement.verification.models import VerificationTask
    from partners.rules import powers_by_link
    for k in VerificationTask.objects.filter(lead=lead):
        if k.status == "proposed": checks.offer(k, c, by=by, at=at)
        tl = powers_by_link(c.user, c, ("procurement.verificationtask", k.pk))
        checks.submit(k, answers={q.code: {"answer": "yes", "seen": "ok"} for q in of(k.check)}, method="visit", seen_on=at.date(), confidence=3, author=c.user, by=tl, at=at)
        client.force_login(v)
        go(f"/checks/{k.reference}/"); go(f"/checks/{k.reference}/accept/", {})
    r = go(f"/leads/{lead.reference}/verify/", {})
    client.force_login(officer)
    go("/needs/SR-2020-0001/allocate/"); go("/needs/SR-2020-0001/allocate/", {f"line{line.pk}_lead{lead.pk}": "50 000"}); go("/needs/SR-2020-0001/allocate/", {f"line{line.pk}_lead{lead.pk}": "500000"})
    go("/allocations/"); go("/allocations/AL-2020-0001/"); go("/orders/"); go("/orders/new/?allocation=1"); r = go("/orders/new/", {"allocations": ["1"]}); go("/orders/"); go(r.headers["Location"] )
    o = r.headers["Location"]
    go(o + "edit/"); go(o+"edit/", {"authority":"regular","offers_sought":"1","few_offers_reason":"emergency","extra_costs":"","taxes":""}); go(o + "submit/", {}); client.force_login(world.member("approver", b)); go(o); go(o + "approve/", {}); client.force_login(officer); go(o + "place/", {}); go(o+"confirm/"); go(o + "confirm/", {"promised_on": ""}); go(o + "ready/", {}); go(o)
    go("/shipments/"); go("/shipments/new/"); r = go("/shipments/new/", {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", "line1": "50000"}); s = r.headers["Location"]; go(s)
    go(s+"pack/"); go(s+"pack/", {"pieces1": "1000", "lot1": "L1"}); go(s)
    from procurement.shipments.models import CustomsPaper, CustomsLane, CustomsHold
    for p in CustomsPaper.objects.all():
        u = p.get_absolute_url(); go(u); [go(u+f"{v}/", {"number": "1"}) for v in ("draft","ready","file","accept")]
    for l in CustomsLane.objects.all():
        u = l.get_absolute_url(); go(u+"file/", {"office":"x"}); go(u+"hold/", {"reason": "why", "question":"q"})
    go(s)
    for h in CustomsHold.objects.all(): go(h.get_absolute_url()+"end/", {"answer": "a"})
    for l in CustomsLane.objects.all(): go(l.get_absolute_url()+"release/", {})
    for v in ("depart","arrive","deliver"): go(s+v+"/", {})
    go(s); go(s+"receive/"); go(s+"receive/", {"accepted1":"49000","rejected1":"1000","missing1":"0","surplus1":"0","lot1":"L1","reason1":"wet","cartons":"50"})
    go("/lots/LT-2020-0001/"); go("/lots/LT-2020-0001/inspect/"); go("/lots/LT-2020-0001/inspect/", {"sampled":"500","defects":"1","verdict":"passed"}); go("/lots/LT-2020-0001/release/", {}); go("/lots/LT-2020-0001/")
    go(s+"close/", {}); go(s); go(o)
