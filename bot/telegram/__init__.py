"""Sportello on Telegram: the only package that imports telegram and aiohttp."""

import logging
import os

# The library's own opt-in to the coming type of `RetryAfter.retry_after`: without it every 429
# also raises a deprecation warning.
os.environ["PTB_TIMEDELTA"] = "true"

# At DEBUG the library logs its URLs, which hold the token, and what clients write.
logging.getLogger("telegram").setLevel(logging.INFO)
