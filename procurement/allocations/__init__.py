"""Who gets it: parts of a verified lead promised to lines of a need."""
