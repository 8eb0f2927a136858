"""How dates and numbers are written, one module per language. Found by Django through FORMAT_MODULE_PATH."""
