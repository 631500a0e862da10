"""Calendars that come in: a group's own calendar, by file or address, kept in step with ours."""
