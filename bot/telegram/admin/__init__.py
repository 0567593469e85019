"""What those who run a company do inside Telegram."""
