"""What a client may say with a command or a key: written once, for every channel."""
