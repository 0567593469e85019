"""The way out: directly or through a proxy, on sessions that the adapters of both APIs use."""
