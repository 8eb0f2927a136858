"""Who is who: cities, twinning agreements, exchanges, organisations, contacts, and what each may speak for."""
