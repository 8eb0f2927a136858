"""The doors for people: their account, links without an account, invitations, sign-in of a practice instance."""
