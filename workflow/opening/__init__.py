"""Opens files from outside with their formats' own parsers, in a process of its own with little memory, time and space.

Each module is run as `python -m workflow.opening.<kind> IN OUT [...]` (workflow/documents starts it) and knows no Django. It prints one
line of JSON: `{"ok": true, ...}` with the cleaned copy in OUT, or `{"refused": "<code>"}`. Anything else means "unreadable".
"""
