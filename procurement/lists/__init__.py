"""Sanction and forced-labour lists, the names on them, and the companies whose names may be among them."""
