"""The pages of the register's files: a table is downloaded; a list is imported or refused as a whole."""

import io

import pytest

from partners.cities.models import City
from partners.memberships.models import Membership
from partners.register_import.models import Import
from partners.register_import.worker import process_waiting_imports
from tests.partners.page_helpers import text
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.cities import NOW

pytestmark = pytest.mark.django_db
Role = Membership.Role


def test_register_table_downloads_as_csv(signed_in, burnaby):
    cities.twinning(burnaby, "zhongshan")
    client = signed_in(Role.OBSERVER, burnaby)
    response = client.get("/register/files/agreements.csv")
    content = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"] == 'attachment; filename="agreements.csv"'
    assert content.splitlines()[1].startswith("burnaby,zhongshan,sister,2011,")
    assert client.get("/register/files/people.csv").status_code == 404


def post_file(client, content, table="cities"):
    file = io.BytesIO(content.encode())
    file.name = "list.csv"
    return client.post("/register/files/", {"table": table, "reason": "our own list", "file": file})


def test_register_workbook_downloads_and_imports_without_changes(signed_in, burnaby):
    cities.twinning(burnaby, "zhongshan", note="=HYPERLINK()")
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    response = client.get("/register/files/agreements.xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="agreements.xlsx"'
    assert client.get("/register/files/people.xlsx").status_code == 404
    batch = start_import(client, response.content, "agreements", "agreements.xlsx")
    client.post(f"/register/imports/{batch.pk}/columns/", column_fields(batch))
    process_waiting_imports(NOW)
    batch.refresh_from_db()
    assert (batch.status, batch.faults, batch.same, batch.changed) == ("validated", 0, 1, 0)


def start_import(client, content, table="cities", name="list.csv"):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    answer = client.post("/register/files/", {"table": table, "reason": "our own list", "file": file})
    assert answer.status_code == 303
    return Import.objects.get(pk=int(answer["Location"].split("/")[3]))


def column_fields(batch):
    """Return the guessed columns as their form sends them."""
    return {(name if isinstance(said, int) else f"same_{name}"): said for name, said in batch.columns.items()}


def test_city_imports_its_list_step_by_step_and_undoes_it(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Import a list" in text(client.get("/register/files/"))
    batch = start_import(client, "Population,English name,Country or region\n99863,Nanaimo,Canada\n")
    page = f"/register/imports/{batch.pk}/"
    assert "B: English name (Nanaimo)" in text(client.get(f"{page}columns/"))
    assert text(client.post(f"{page}columns/", {"name_en": ""}), 422)
    assert client.post(f"{page}columns/", column_fields(batch)).status_code == 303
    assert 'data-hx-trigger="every 2s"' in client.get(page).content.decode()
    process_waiting_imports(NOW)
    assert "Import all rows" in text(client.get(page))
    assert client.post(f"{page}start/").status_code == 303
    process_waiting_imports(NOW)
    assert City.objects.get(slug="nanaimo-ca").population == 99863
    assert "Undo import" in text(client.get(page))
    assert client.post(f"{page}withdraw/", {"reason": "by mistake"}).status_code == 303
    process_waiting_imports(NOW)
    assert not City.objects.filter(slug="nanaimo-ca").exists()
    assert "Import undone" in text(client.get(page))
    assert "list.csv" in text(client.get("/register/files/"))


def test_import_errors_are_shown_by_row_and_heading(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    batch = start_import(client, "Name,Country,Level\n,CA,city\nY,CA,castle\n")
    client.post(f"/register/imports/{batch.pk}/columns/", column_fields(batch))
    process_waiting_imports(NOW)
    page = text(client.get(f"/register/imports/{batch.pk}/"))
    assert "This cell is required." in page
    assert "castle" in page


def test_doubtful_place_is_asked_about_on_its_own_page(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    batch = start_import(client, "City,Country A,Partner city\nBurnaby,CA,Nowhere At All\n", "agreements")
    page = f"/register/imports/{batch.pk}/"
    client.post(f"{page}columns/", column_fields(batch))
    process_waiting_imports(NOW)
    assert "Nowhere At All" in text(client.get(f"{page}places/"))
    place = batch.places.get(verdict="doubtful")
    assert client.post(f"{page}places/", {f"place_{place.pk}": "-file"}).status_code == 422
    assert client.post(f"{page}places/", {f"place_{place.pk}": "-out"}).status_code == 303
    process_waiting_imports(NOW)  # every place is decided: the file is checked again
    assert "All places are confirmed." in text(client.get(f"{page}places/"))
    assert "These are your answers." in text(client.get(f"{page}places/?again"))
    assert client.post(f"{page}places/", {"every": "-out"}).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cities.csv", "name,country\nMontréal,CA\n".encode("latin-1"), "encoding"),
        ("cities.csv", b"\0\0", "file cannot be opened"),
        ("cities.csv", b'name,country\n"x,CA', "quotation mark"),
        pytest.param(
            "cities.csv", b"name,note\nHue," + b"x" * 131_073, "more than 131,072 characters", id="cell"
        ),
        ("cities.csv", b"name,country\n", "no rows"),
        ("cities.csv", b"\n", "no headings"),
        ("cities.xlsx", b"PK\x03\x04\xff\xfe", "file cannot be opened"),
        (
            "cities.xlsx",
            files.archive(**{"xl/worksheets/sheet1.xml": b"0" * 30_000_000}),
            "too large to be opened safely",
        ),
        pytest.param("cities.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB", id="large"),
    ],
)
def test_unreadable_register_file_is_refused_with_instructions(signed_in, burnaby, name, content, says):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    file = io.BytesIO(content)
    file.name = name
    data = {"table": "cities", "file": file, "reason": "our list"}
    assert says in text(client.post("/register/files/", data), 422)
    assert City.objects.get() == burnaby
    assert not Import.objects.exists()


def test_officer_cannot_import_register_files(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    assert "Import a list" not in text(client.get("/register/files/"))
    file = io.BytesIO(b"id,name_en,country,level\nx,X,CA,city")
    file.name = "list.csv"
    data = {"table": "cities", "reason": "our own list", "file": file}
    assert client.post("/register/files/", data).status_code == 403
    assert not City.objects.filter(slug="x").exists()
