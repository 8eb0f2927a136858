"""Django's PostgreSQL, with limits that hold behind a pooler, too: `base.py` is what Django looks for."""
