"""A phone stack on this machine: whoever types is a caller, and what is spoken is printed."""
