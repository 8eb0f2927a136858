"""Limits of texts and numbers, the same on pages and in the API."""

MAX_TEXT_LENGTH = 2000  # characters of a reason, a remark, an answer
MAX_LETTER_LENGTH = 5000  # of a message, a report, a comment
MAX_UNITS = 10**9  # units of anything
MAX_DAYS = 999  # of any duration
MAX_DAYS_LEFT = 3650  # for which supplies last
MAX_TASKS = 100  # open for one person at once
MAX_OFFERS = 99  # that one order looks for
MAX_ON_A_PALLET = 2**15 - 1  # cartons
FIRST_YEAR, LAST_YEAR = 1000, 2999  # of a day; its neighbours are also in the calendar
