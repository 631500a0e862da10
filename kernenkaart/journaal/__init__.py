"""The journaal: an append-only record of every change, kept by the database itself."""
