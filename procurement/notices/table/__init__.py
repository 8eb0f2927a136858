"""What mail does the system send, to whom, and when? This page answers it, wholly, with the three beside it.

Each row is (thing, what happened) -> notices. What is not here is in silent.py, with the reason; a test holds every move to that.
"""

from procurement.notices.notice import Notice
from procurement.notices.table.companies import ABOUT_COMPANIES
from procurement.notices.table.goods import ABOUT_GOODS
from procurement.notices.table.questions import ABOUT_QUESTIONS

NOTICES: dict[tuple[str, str], tuple[Notice, ...]] = {
    **ABOUT_QUESTIONS,
    **ABOUT_COMPANIES,
    **ABOUT_GOODS,
}
