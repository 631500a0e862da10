from flask import Flask

from kernenkaart.config import Settings
from kernenkaart.post.bericht import render

GEGEVENS = {
    "titel": "Dorpstafel {{7*7}}",
    "laag": "activiteiten",
    "ding_id": 12,
    "naar": "de dorpsraad",
    "tekst": "Kan het later?\n{% raw %}",
    "antwoord_email": "",
}


def test_the_mails_say_what_was_written_and_where_to_look(app: Flask, settings: Settings) -> None:
    with app.app_context():
        for sjabloon in ("wijziging", "bericht"):
            tekst = render(sjabloon, GEGEVENS, settings)
            assert GEGEVENS["tekst"] in tekst
        assert f"{settings.basis_url}/activiteiten/12" in render("wijziging", GEGEVENS, settings)
