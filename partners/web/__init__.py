"""The doors for people: the register of cities, who is in it, who may do what, and a contact's own pages by link."""
