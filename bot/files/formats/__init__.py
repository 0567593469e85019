"""A module for each kind of file: its `read` gives the text in pieces, each a paragraph or more."""
