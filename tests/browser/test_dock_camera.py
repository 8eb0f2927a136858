"""The dock page with a camera in Chromium: it reads a label from a video, and stores a count until the network returns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from procurement.receiving.models import CartonReceipt
from tests.browser.city_browsers import PHONE
from tests.browser.conftest import launched, signed_in
from tests.procurement.receiving.label_photos import address, labelled, photo
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def video_of(picture: Image.Image, file: Path) -> Path:
    """Write a still picture as a video of some frames, in the raw form that Chromium takes for a camera."""
    luma, blue, red = picture.resize((640, 480)).convert("YCbCr").split()
    small = [part.resize((320, 240)).tobytes() for part in (blue, red)]
    frame = b"FRAME\n" + luma.tobytes() + b"".join(small)
    file.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)
    return file


@pytest.fixture
def story() -> Iterator[Journey]:
    voyage = Journey()
    voyage.practise()
    voyage.ship = voyage.delivered()
    yield voyage
    clear_instance_cache()


@pytest.fixture
def camera(story: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Yield a Chromium whose camera shows the label of the seventh carton."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    box = story.ship.cartons.get(number=7)
    label = Image.open(photo(address(labelled(story, story.ship).code, box.reference), size=(640, 480)))
    file = video_of(label, tmp_path / "label.y4m")
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with sync_playwright() as playwright:
        browser = launched(playwright, *flags, f"--use-file-for-fake-video-capture={file}")
        yield browser
        browser.close()


def test_camera_reads_carton_label_and_count_is_kept_until_connection_returns(story, camera, live_server):
    person = signed_in(camera, live_server.url, story.logistics.user, **PHONE)
    page = person.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}{story.ship.get_absolute_url()}dock/")
    expect(page.get_by_role("heading", level=1)).to_have_text("10 cartons, 10,000 units expected")
    assert not [url for url in asked if "barcode-detector" in url or ".wasm" in url]

    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("[data-said]")).to_have_text("Carton 7", timeout=60_000)
    assert [url for url in asked if url.startswith("http") and not url.startswith(live_server.url)] == []
    assert [url for url in asked if url.endswith(".wasm")]
    carton = page.locator(f"#{story.ship.cartons.get(number=7).reference}")
    carton.get_by_label("Damaged").check()
    carton.get_by_label("Usable units inside").fill("400")

    person.set_offline(True)
    page.get_by_role("button", name="Receive with exceptions").click()
    expect(page.get_by_text("You are offline. Keep this page open")).to_be_visible()
    assert not CartonReceipt.objects.exists()
    with page.expect_navigation():
        person.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("10 of 10 cartons")
    seen = CartonReceipt.objects.exclude(state="intact").get()
    assert (seen.carton.number, seen.state, seen.pieces, seen.unusable) == (7, "damaged", 1_000, 600)
    assert story.ship.lines.get().accepted == 9_400
    person.close()
