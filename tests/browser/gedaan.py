"""Pages as they are after something was done on them: what is done, and on which page."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Response

SEIZOEN = (
    "titel\tdatum\tvan\ttot\tplek\n"
    "Klaverjassen oktober\t04-10-2027\t19.30\t22.00\tDorpshuis\n"
    "Klaverjassen november\t31-11-2027\t19.30\t22.00\tDorpshuis\n"
)


def send(page: Page) -> Response:
    """Press the first button of the form of the page; what the server answers."""
    knop = page.locator("main form[method=post] button[type=submit]")
    bekijk = knop.and_(page.locator("[value=bekijk]"))
    with page.expect_navigation() as gegaan:
        (bekijk if bekijk.count() else knop).first.click()
    return gegaan.value


def paste_season(page: Page) -> None:
    """A season of which one row is right and another is not."""
    page.select_option("#soort", label="Markt")
    page.fill("#tabel", SEIZOEN)
    send(page)
    page.locator(".kk-seizoenregel").wait_for()


def propose(page: Page) -> None:
    """The preview of an initiative."""
    page.fill("#titel", "Bankje bij de kerk")
    page.select_option("#soort", index=1)
    page.select_option("#status", label="Idee")
    send(page)
    page.locator("button[value=plaats]").wait_for()


def write_message(page: Page) -> None:
    """A message that is sent."""
    page.fill("#tekst", "Is er nog een plaats vrij?")
    page.fill("#antwoord_email", "lezer@example.org")
    send(page)
    page.locator(".kk-melding--goed").wait_for()


def ask_link(page: Page) -> None:
    """A link is asked for an address that is not known."""
    page.fill("[name=email]", "wie@example.org")
    send(page)


def guess_password(page: Page) -> None:
    """A password that is wrong."""
    page.fill("[name=email]", "wie@example.org")
    page.fill("[type=password]", "zomaar iets langs")
    send(page)


def stay_too_long(page: Page) -> None:
    """A form that is sent by who is no longer logged in: the last thing this visitor does."""
    page.fill("#titel", "Te laat")
    page.context.clear_cookies()
    send(page)
    page.get_by_text("Verstuur opnieuw").wait_for()


@dataclass(frozen=True)
class Gedaan:
    """A page as it is after something was done on it: its address, and what to do."""

    adres: str
    doe: Callable[[Page], None]


GEDAAN = {
    "bezoeker": (
        Gedaan("/contact/platform/{platform}", write_message),
        Gedaan("/wachtwoord-vergeten", ask_link),
        Gedaan("/inloggen", guess_password),
    ),
    "platformlid": (
        Gedaan("/activiteiten/seizoen/{platform}", paste_season),
        Gedaan("/initiatieven/nieuw/{platform}", propose),
        Gedaan("/activiteiten/nieuw/{platform}", stay_too_long),
    ),
}
