"""Works that come in: an organisation's own planning, by file or address, kept in step."""
