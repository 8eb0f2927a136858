"""The API of goods on their way: shipments, customs, what was tracked, arrivals."""
