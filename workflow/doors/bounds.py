"""How long a text and how large a number may be: the same on pages and through the API, so that one door takes what the other does."""

LONGEST_WORDS = 2000  # characters of a reason, a remark, an answer
LONGEST_LETTER = 5000  # of a message, a report, a comment
MOST = 10**9  # units of anything
MOST_DAYS = 999  # that anything takes
MOST_DAYS_LEFT = 3650  # that supplies last
MOST_TASKS = 100  # open at one person at once
MOST_OFFERS = 99  # sought for one order
MOST_ON_A_PALLET = 2**15 - 1  # cartons
FIRST_YEAR, LAST_YEAR = 1000, 2999  # of a day; its neighbours are days of the calendar too
