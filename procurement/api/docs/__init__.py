"""The API described: the document for programs with its examples, and the pages for people. Open to everyone."""

from procurement.api.docs.pages import Described, chapter, document, overview

__all__ = ["Described", "chapter", "document", "overview"]
