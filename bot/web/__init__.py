"""The second channel: a company's web site, whose visitors talk to the same assistant."""
