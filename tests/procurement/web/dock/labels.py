"""Photos of labels, as a phone takes them: the QR of a carton somewhere in a grey picture."""

import io

import segno
from PIL import Image

from procurement.shipments.actions.made import make_paper
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.workflow.files import upload


def labelled(story: Voyage, shipment: Shipment, kind: str = "carton_labels") -> MadePaper:
    """The labels of a shipment, made in English."""
    who = story.logistics
    return make_paper(kind, tongues="en", shipment=shipment, author=who.user, by=who.by, at=AT)


def address(code: str, box: str) -> str:
    """What stands in the QR of a label."""
    return f"https://twinlane.example/made/{code}/?box={box}"


def photo(*texts: str, size: tuple[int, int] = (1200, 900)):
    """A photo of these codes, side by side, a little turned."""
    picture = Image.new("RGB", size, (120, 110, 100))
    for number, text in enumerate(texts):
        code = io.BytesIO()
        segno.make(text, error="m").save(code, kind="png", scale=6)
        turned = Image.open(code).convert("RGB").rotate(5, expand=True, fillcolor="white")
        picture.paste(turned, (40 + 500 * number, 200))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=80)
    return upload(out.getvalue(), "label.jpg")
