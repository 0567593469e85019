"""How much a request holds: for the fields that a company names, and what clients answer."""

from typing import Final

MOST_FIELDS: Final = 10  # of one request
LONGEST_LABEL: Final = 60  # characters
LONGEST_VALUE: Final = 300
