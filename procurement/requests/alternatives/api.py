"""Alternatives of need lines in the bodies of needs."""

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.alternatives.rules import Alternative
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import FactsSerializer, VisibleReferenceField


class LineAlternativeRowSerializer(RowSerializer):
    """Product that a line accepts in place of its own, in order of preference."""

    product = NamedReferenceField("code")
    standard = NamedReferenceField("code")

    class Meta:
        model = LineAlternative
        fields = ("product", "standard")


class LineAlternativeBodySerializer(FactsSerializer):
    """Product accepted in place of the line's own, one unit for one unit.

    With a standard, goods that claim it count in full. Without one, the standards of the line decide.
    """

    product = VisibleReferenceField(Product, "code")
    standard = VisibleReferenceField(Standard, "code", required=False, allow_null=True)

    class Meta:
        makes = Alternative
