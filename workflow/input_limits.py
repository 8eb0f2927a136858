"""Limits of texts and numbers, the same on pages and in the API."""

LONGEST_WORDS = 2000  # characters of a reason, a remark, an answer
LONGEST_LETTER = 5000  # of a message, a report, a comment
MOST = 10**9  # units of anything
MOST_DAYS = 999  # of any duration
MOST_DAYS_LEFT = 3650  # for which supplies last
MOST_TASKS = 100  # open for one person at once
MOST_OFFERS = 99  # that one order looks for
MOST_ON_A_PALLET = 2**15 - 1  # cartons
FIRST_YEAR, LAST_YEAR = 1000, 2999  # of a day; its neighbours are also in the calendar
