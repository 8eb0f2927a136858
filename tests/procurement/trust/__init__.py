"""What one city may do to people and to other cities: the rule of partners/rules/trust.py, at the doors where it is met."""
