"""The words a new kernenkaart starts with, per list and code, in the order they are shown."""

STANDAARD: dict[str, dict[str, str]] = {
    "activiteit.status": {
        "concept": "Concept",
        "verwacht": "Verwacht",
        "gepubliceerd": "Gaat door",
        "afgelast": "Afgelast",
        "ingetrokken": "Ingetrokken",
    },
    "werkzaamheid.status": {
        "concept": "Concept",
        "nog_niet_zeker": "Nog niet zeker",
        "verwacht": "Verwacht",
        "bevestigd": "Bevestigd",
        "bezig": "Bezig",
        "klaar": "Klaar",
        "uitgesteld": "Uitgesteld",
        "vervallen": "Gaat niet door",
    },
    "werkzaamheid.hinder": {
        "geen": "Geen hinder",
        "beperkt": "Beperkte hinder",
        "afgesloten": "Afgesloten",
    },
    "project.status": {
        "concept": "Concept",
        "verkenning": "Verkenning",
        "voorbereiding": "In voorbereiding",
        "uitvoering": "In uitvoering",
        "klaar": "Klaar",
        "gestopt": "Gestopt",
    },
    "project.participatie": {
        "informeren": "We vertellen wat er komt",
        "raadplegen": "We vragen wat je ervan vindt",
        "adviseren": "Je geeft advies",
        "coproduceren": "We maken het samen",
        "meebeslissen": "Je beslist mee",
    },
    "initiatief.status": {
        "concept": "Concept",
        "idee": "Idee",
        "zoekt_helpers": "Zoekt helpers",
        "bezig": "Bezig",
        "bijna_klaar": "Bijna klaar",
        "klaar": "Klaar",
        "gestopt": "Gestopt",
        "ingetrokken": "Ingetrokken",
    },
    "platform.relatie": {
        "hoort_bij": "Hoort bij",
        "werkt_samen": "Werkt samen met",
        "vertegenwoordigt": "Spreekt ook voor",
    },
    "platform.zichtbaarheid": {
        "openbaar": "Iedereen",
        "intern": "Alleen medewerkers",
        "verborgen": "Niemand",
    },
    "gebruiker.rol": {
        "platformlid": "Lid van een groep",
        "ketenpartner": "Ketenpartner",
        "medewerker": "Medewerker",
        "gebiedsmakelaar": "Gebiedsmakelaar",
        "beheerder": "Beheerder",
    },
}
