"""Tests of the papers made from the record of a shipment or a gift."""
