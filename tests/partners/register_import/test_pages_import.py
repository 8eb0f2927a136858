"""The pages of an import: the content of each step, and its tables as CSV."""

import io
import re

import pytest

from partners.cities.models import City
from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from partners.register_import.worker import process_waiting_imports
from tests.partners.page_helpers import text
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_lines,
    roll_back_import,
    run_step,
)

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def administrator_and_powers(burnaby):
    """Return an administrator of the city and their powers."""
    cities.city("zhongshan")
    person = cities.member(Role.ADMINISTRATOR, burnaby)
    return person, permissions_of(person, via="session")


@pytest.fixture
def administrator_client(signed_in, administrator_and_powers):
    return signed_in(administrator_and_powers[0])


def csv(administrator_client, batch, what):
    answer = administrator_client.get(f"/register/imports/{batch.pk}/{what}.csv")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_each_preview_table_of_an_import_downloads_as_csv(administrator_client, administrator_and_powers):
    cities.twinning("burnaby", "zhongshan", signed="2010")
    line = "Burnaby,CA,Zhongshan,CN,sister,2011"
    batch = import_lines(administrator_and_powers[1], AGREEMENT_ROWS, line, line, status="active")
    page = text(administrator_client.get(f"/register/imports/{batch.pk}/"))
    assert "Differences between the file and the register" in page
    assert "Row 3 is a duplicate of row 2." in page
    assert csv(administrator_client, batch, "changes")[1].startswith(
        "2,Burnaby – Zhongshan,F: Signed,2010,2011"
    )
    assert csv(administrator_client, batch, "repeated") == ["Row,Duplicate of row", "3,2"]
    assert csv(administrator_client, batch, "places")[1:] == [
        '"Burnaby, Canada",2,In the register,burnaby', '"Zhongshan, China",2,In the register,zhongshan',
    ]  # fmt: skip
    assert csv(administrator_client, batch, "left") == ["Entry,Reason"]
    assert administrator_client.get(f"/register/imports/{batch.pk}/secrets.csv").status_code == 404


def test_page_of_an_import_keeps_its_main_part_after_a_move_made_in_place(
    administrator_client, administrator_and_powers
):
    line = "Burnaby,CA,Zhongshan,CN,sister,2011"
    batch = import_lines(administrator_and_powers[1], AGREEMENT_ROWS, line, status="active")
    address = f"/register/imports/{batch.pk}/"
    moved = {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": f"http://testserver{address}"}
    answer = administrator_client.post(f"{address}start/", headers=moved)
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert 'id="main"' in administrator_client.get(address, headers=moved).content.decode()
    polled = administrator_client.get(address, headers={"HX-Request": "true", "HX-Target": "state"})
    assert 'id="main"' not in polled.content.decode()
    assert 'id="state"' in polled.content.decode()


def test_import_errors_download_in_the_readers_language(administrator_client, administrator_and_powers):
    batch = import_lines(administrator_and_powers[1], AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,marriage,2011")
    administrator_client.cookies["django_language"] = "fr-ca"
    administrator_and_powers[0].language = "fr-ca"
    administrator_and_powers[0].save()
    heading, line = csv(administrator_client, batch, "faults")
    assert heading == "Ligne,Colonne,Erreur"
    assert line.startswith("2,E: Kind,")
    assert "ne figure pas parmi" in line


def test_entries_kept_by_a_rollback_are_shown_with_links(administrator_client, administrator_and_powers):
    batch = apply_import(
        import_lines(administrator_and_powers[1], AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2012"),
        administrator_and_powers[1],
    )
    assert "Undo import" in text(administrator_client.get(f"/register/imports/{batch.pk}/"))
    cities.member("observer", City.objects.get(slug="nanaimo-ca"))
    roll_back_import(batch, administrator_and_powers[1])
    page = text(administrator_client.get(f"/register/imports/{batch.pk}/"))
    for words in ("Import undone", 'href="/cities/nanaimo-ca/"', "This entry is already in use."):
        assert words in page, words


def test_place_of_an_import_is_chosen_and_changed_on_its_page(administrator_client, administrator_and_powers):
    for number in (1, 2):
        cities.city(f"moon-{number}", name_en="Moon", population=1000, latitude=1, longitude=number)
    batch = import_lines(
        administrator_and_powers[1],
        AGREEMENT_ROWS,
        "Burnaby,CA,Moon,CA,sister,2011",
        "Burnaby,CA,Lune,CA,sister,2011",
    )
    moon, lune = batch.places.get(name="Moon"), batch.places.get(name="Lune")
    address = f"/register/imports/{batch.pk}/places/"
    assert "1,000 people" in text(administrator_client.get(address))
    assert administrator_client.post(address, {f"place_{moon.pk}": "moon-1"})["Location"] == address
    assert (
        administrator_client.post(address, {f"place_{lune.pk}": "-file"})["Location"]
        == f"/register/imports/{batch.pk}/"
    )
    run_step(batch)
    page = text(administrator_client.get(f"{address}?again"))
    assert re.search(r'value="moon-1"\s+selected', page)
    assert re.search(r'value="-file"\s+selected', page)
    administrator_client.post(
        f"{address}?again", {f"place_{moon.pk}": "-out"}
    )  # a page opened before the file was checked again
    batch.refresh_from_db()
    assert batch.open_places == 0
    moon, lune = batch.places.get(name="Moon"), batch.places.get(name="Lune")
    administrator_client.post(f"{address}?again", {f"place_{moon.pk}": "-out", f"place_{lune.pk}": ""})
    batch.refresh_from_db()
    assert (batch.status, batch.open_places) == ("validated", 1)
    assert re.search(r'value="-out"\s+selected', text(administrator_client.get(f"{address}?again")))


def test_completed_import_step_gets_409(administrator_client, administrator_and_powers):
    batch = apply_import(
        import_lines(administrator_and_powers[1], AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011"),
        administrator_and_powers[1],
    )
    for step in ("columns", "places"):
        text(administrator_client.get(f"/register/imports/{batch.pk}/{step}/"), 409)


def test_discarded_import_shows_that_its_data_is_deleted(administrator_client, administrator_and_powers):
    batch = import_lines(administrator_and_powers[1], AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011")
    assert administrator_client.post(f"/register/imports/{batch.pk}/discard/").status_code == 303
    assert "The rows of this file and the answers about them have been deleted." in text(
        administrator_client.get(f"/register/imports/{batch.pk}/")
    )
    assert "list.csv" not in text(administrator_client.get("/register/files/"))


def test_columns_are_matched_before_the_import_is_checked(administrator_client, administrator_and_powers):
    file = io.BytesIO(f"{AGREEMENT_ROWS},Mayor,Mayor\nBurnaby,CA,Zhongshan,CN,sister,2011,A,B\n".encode())
    file.name = "list.csv"
    address = administrator_client.post(
        "/register/files/", {"table": "agreements", "reason": "ours", "file": file}
    )["Location"]
    page = text(administrator_client.get(address))
    assert "Columns not used so far: G: Mayor · H: Mayor" in page
    assert "These columns have the same heading: check which one to use" in page
    data = {"city_a": "0", "city_b": "0", "kind": "4", "same_status": "lively"}
    page = text(administrator_client.post(address, data), 422)
    assert "A column of the file can be used only once." in page
    assert "lively" in page


def test_import_form_without_a_file_is_refused(administrator_client, administrator_and_powers):
    text(administrator_client.post("/register/files/", {"table": "cities"}), 422)
    assert process_waiting_imports(NOW) == 0
