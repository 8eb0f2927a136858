"""When a shipment may move, and which papers it needs."""
