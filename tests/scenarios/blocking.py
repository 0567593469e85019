"""What may not block the event loop, and what may."""

from blockbuster import BlockBuster


def watch_loop() -> BlockBuster:
    """Fails calls that block the event loop while clients are served (not at start or stop)."""
    watch = BlockBuster()
    for function in watch.functions.values():
        # The emulator stands in for servers of other people, which are no part of this loop.
        function.can_block_in("bot/playground/telegram/store.py", {"put", "delete", "put_file"})
        # asyncpg looks for a password file and certificates whenever it connects.
        function.can_block_in("asyncpg/connect_utils.py", {"_parse_connect_arguments"})
        # python-telegram-bot asks for its own folder whenever an application is built.
        function.can_block_in("telegram/ext/_application.py", {"__init__"})
    return watch
