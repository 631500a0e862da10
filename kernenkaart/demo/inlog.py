"""With what one logs in to the demo; loads nothing of the application."""

from kernenkaart.demo.bron import read

DOMEIN = "demo.example"  # reserved: no mail to it ever arrives
WACHTWOORD = "kernenkaart-demo"  # meant to be known; refused unless demo is on


def logins() -> list[str]:
    """The lines that tell a reader of the command line how to log in."""
    return [
        f"Inloggen in de demo, wachtwoord: {WACHTWOORD}",
        *(f"  {blok['rol']:<16} {blok['rol']}@{DOMEIN}" for blok in read("wie")["inlogs"]),
    ]
