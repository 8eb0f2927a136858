"""Who decides on an order, alone, as a second person, or in somebody's place."""
