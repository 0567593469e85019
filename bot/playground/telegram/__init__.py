"""Telegram's Bot API on one's own machine, for the playground, tests, crash tests and benchmarks.

In a process: ``async with serve(build_app(emulator := TelegramEmulator())) as url`` and give the
bot ``TELEGRAM_API_URL=url``. By itself: ``python -m bot.playground.telegram --state FILE``.
`emulator.accounts` opens accounts and chats, `emulator.clients` writes as people do,
`emulator.faults` makes calls fail, `emulator.calls` is the log, `emulator.events` what pages see;
`/client` and `/control` are the same over HTTP.
"""
