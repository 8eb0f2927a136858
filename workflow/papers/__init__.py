"""Printed papers: templates and data become PDF/A (printing.py), in typefaces that have what people type (typefaces.py)."""

from workflow.papers.codes import qr
from workflow.papers.printing import STANDARD, TEMPLATES, Paper, make

__all__ = ["STANDARD", "TEMPLATES", "Paper", "make", "qr"]
