"""When an order may be made, approved, placed and ended."""
