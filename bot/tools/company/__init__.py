"""What a company declares for itself, as a tool."""
