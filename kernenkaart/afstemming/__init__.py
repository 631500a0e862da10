"""What happens between works and works, and between works and activities."""
