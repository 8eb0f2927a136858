"""The register's files on pages: a table taken home, a list brought in or refused whole."""

import io

import pytest

from partners.models import City, Membership
from tests import world
from tests.partners.pages.conftest import text

pytestmark = pytest.mark.django_db
Role = Membership.Role


def test_a_table_is_taken_home(signed_in, burnaby):
    world.twinning(burnaby, "zhongshan")
    client = signed_in(Role.OBSERVER, burnaby)
    response = client.get("/register/files/agreements.csv")
    content = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"] == 'attachment; filename="agreements.csv"'
    assert content.splitlines()[1].startswith("burnaby,zhongshan,sister,2011,")
    assert client.get("/register/files/people.csv").status_code == 404


def upload(client, content, table="cities"):
    file = io.BytesIO(content.encode())
    file.name = "list.csv"
    return client.post("/register/files/", {"table": table, "reason": "our own list", "file": file})


def test_a_city_brings_in_its_list_and_learns_what_happened(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Bring in a list" in text(client.get("/register/files/"))
    assert upload(client, "id,name_en,country,level\nnanaimo,Nanaimo,CA,city").status_code == 303
    assert "1 rows added" in text(client.get("/register/files/"))
    page = text(upload(client, "id,name_en,country,level\nx,,CA,city\ny,Y,CA,castle"), 422)
    assert "Row 2, name_en: This must be filled in." in page
    assert "Row 3, level" in page
    assert text(client.post("/register/files/", {"table": "cities"}), 422)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cities.csv", "id,name_en,country,level\na-québec-ca,Québec,CA,city\n".encode()),
        ("cities.csv", f"id,name_en,country,level,population\nx,X,CA,city,{'9' * 5000}\n".encode()),
        ("cities.csv", b"id,name_en,country,level\nx,X,CA,city\nx"),
        ("cities.csv", b"id\nx\n"),
        ("cities.csv", b"\0\0"),
        ("cities.csv", b"id,name_en,country,level\nx," + b"X" * 200_000 + b",CA,city\n"),
        ("cities.xlsx", b"PK\x03\x04\xff\xfe"),
    ],
)
def test_a_file_with_a_fault_brings_nothing_in_and_is_told_so(signed_in, burnaby, name, content):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    file = io.BytesIO(content)
    file.name = name
    told = {"table": "cities", "file": file, "reason": "our list"}
    page = text(client.post("/register/files/", told), 422)
    assert "Nothing was imported" in page
    assert "Row " in page
    assert City.objects.get() == burnaby
    assert client.get("/cities/").status_code == 200


def test_who_keeps_no_register_brings_in_nothing(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    assert "Bring in a list" not in text(client.get("/register/files/"))
    assert upload(client, "id,name_en,country,level\nx,X,CA,city").status_code == 403
    assert not City.objects.filter(slug="x").exists()
