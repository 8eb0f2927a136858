"""Photos of carton labels as a phone takes them: QR codes in a grey picture; and the labels themselves."""

import io

import segno
from PIL import Image

from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.actions import generate_document
from procurement.shipments.models import Shipment
from tests.workflow.files import upload
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey


def labelled(story: Journey, shipment: Shipment, kind: str = "carton_labels") -> GeneratedDocument:
    """Generate the labels of a shipment in English."""
    who = story.logistics
    return generate_document(kind, language_pair="en", shipment=shipment, author=who.user, by=who.by, at=AT)


def address(code: str, box: str) -> str:
    """Return the content of a label's QR code."""
    return f"https://twinlane.example/document/{code}/?box={box}"


def photo(*texts: str, size: tuple[int, int] = (1200, 900)):
    """Return a photo of these codes, side by side and slightly turned."""
    picture = Image.new("RGB", size, (120, 110, 100))
    for number, text in enumerate(texts):
        code = io.BytesIO()
        segno.make(text, error="m").save(code, kind="png", scale=6)
        turned = Image.open(code).convert("RGB").rotate(5, expand=True, fillcolor="white")
        picture.paste(turned, (40 + 500 * number, 200))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=80)
    return upload(out.getvalue(), "label.jpg")
