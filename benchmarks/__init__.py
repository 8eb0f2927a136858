"""How fast the product is, against the same work by hand: `make bench`. Measures; nothing of the product imports it."""
