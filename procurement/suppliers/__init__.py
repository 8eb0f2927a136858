"""Companies, certificates and bank accounts: facts with their source, shared between cities."""
