"""Pages for staff who keep accounts, platforms, organisations and lists."""
