"""The second channel: chats on web pages and with companies' programs, over HTTP."""
