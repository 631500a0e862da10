"""Numbers in words for people."""


def format_getal(n: int) -> str:
    """A whole number as the Dutch write it: ``16.928``."""
    return f"{n:,}".replace(",", ".")
