"""What goods are counted in, said where their quantity is asked for: not all of them come in pieces."""

from collections.abc import Iterable

from django import forms

from procurement.catalogue.models.products import Product
from workflow.errors import Words


def ask_in(form: forms.Form, name: str, words: Words, products: Iterable[Product]) -> None:
    """Name the unit in the help of a field (`words`, with `unit`). Where several units come into question the field keeps its own."""
    units = {product.unit for product in products}
    if len(units) == 1:
        form.fields[name].help_text = words % {"unit": Product.Unit(units.pop()).label}
