"""What an order rests on, read from the record: for its decision memo. Reads only."""
