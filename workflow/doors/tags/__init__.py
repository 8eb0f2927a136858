"""The tags and filters of every template, builtin by settings; docs/look.md shows each one in use. They read, and never write."""
