"""Limits of texts and numbers, the same on pages and in the API."""

MAX_TEXT_LENGTH = 2000  # characters of a reason, a remark, an answer
MAX_LETTER_LENGTH = 5000  # of a message, a report, a comment
MAX_UNITS = 10**9  # units of anything
MAX_DURATION_DAYS = 999  # of any duration
MAX_SUPPLY_DAYS = 3650  # for which supplies last
MAX_OPEN_TASKS_PER_PERSON = 100  # open for one person at once
MAX_OFFERS_PER_ORDER = 99  # that one order looks for
MAX_CARTONS_PER_PALLET = 2**15 - 1  # cartons
FIRST_YEAR, LAST_YEAR = 1000, 2999  # of a day; its neighbours are also in the calendar
