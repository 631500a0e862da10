"""Calendars and feeds out: iCalendar, Atom, RSS, and an activity as search engines read it."""
