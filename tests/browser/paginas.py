"""Every page of the site by who sees it, the forms on them, and the answers that are no page.

An address may name things between braces; ``Plekken`` fills them in.
"""

from collections.abc import Mapping

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.inzendingen.links import make_token
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.toegang.links import Ondertekenaar, Soort
from kernenkaart.toegang.models import Gebruiker
from tests.browser.test_plaatsen import in_sql
from tests.served import Served
from tests.volgen.helpers import make_links

OPEN = (
    "/",
    "/?kern=tricht",
    "/?gekozen=werkzaamheid-{werkzaamheid}#kaart",
    "/?q=Dorpsstraat&kern=heesselt",
    "/landelijk",
    "/kernen",
    "/kernen/tricht",
    "/kernen/heesselt",
    "/kernen/tricht/agenda",
    "/agenda?soort=markt",
    "/insluiten/tricht",
    "/insluiten/tricht?vorm=maand&lagen=alles",
    "/insluiten/tricht?vorm=kaart",
    "/kernen/tricht/insluiten",
    "/kalender",
    "/kalender?vorm=maand",
    "/kernen/tricht/kalender",
    "/kernen/tricht/kalender?vorm=week&q=a",
    "/kernen/tricht/kalender?vorm=lijst",
    "/activiteiten",
    "/activiteiten/{activiteit}",
    "/activiteiten/{afgelast}",
    "/werkzaamheden",
    "/werkzaamheden/{werkzaamheid}",
    "/werkzaamheden/nabij/tricht?afstand=500",
    "/werkzaamheden/nabij/gebied",
    "/werkzaamheden/nabij/gebied?vorm={vorm}&afstand=500",
    "/projecten",
    "/projecten/{project}",
    "/initiatieven",
    "/initiatieven/{initiatief}",
    "/doorgeven/activiteiten/{activiteit}",
    "/activiteiten/insturen?kern=tricht",
    "/activiteiten/insturen/mail",
    "/ingestuurd/{wacht}",
    "/ingestuurd/{gevraagd}",
    "/ingestuurd/{wacht}/wijzig",
    "/ingestuurd/{wacht}/intrekken",
    "/contact/platform/{platform}",
    "/contact/makelaar/tricht",
    "/toegankelijkheid",
    "/privacy",
    "/over",
    "/open-data",
    "/api/v1?f=html",
    "/api/v1/conformance?f=html",
    "/api/v1/collections?f=html",
    "/api/v1/collections/werkzaamheden?f=html",
    "/api/v1/collections/werkzaamheden/items?f=html",
    "/api/v1/collections/werkzaamheden/items/{werkzaamheid}?f=html",
    "/api/v1/uitleg",
    "/api/v1/changelog?f=html",
    "/api/v1/queryables?f=html",
    "/api/v1/collections/werkzaamheden/queryables?f=html",
    "/stijlblad",
    "/inloggen",
    "/wachtwoord-vergeten",
    "/wachtwoord/{token}",
    "/volgen",
    "/volgen?ding=werkzaamheid-{werkzaamheid}&soort=activiteiten",
    "/volgen/gevraagd",
    "/volgen/bevestig/{volg_bevestig}",
    "/volgen/mijn/{volg_mijn}",
    "/volgen/stop/{volg_stop}",
)
VAN = {
    "bezoeker": OPEN,
    "platformlid": (
        "/mijn",
        "/activiteiten/nieuw/{platform}",
        "/activiteiten/overnemen/{platform}",
        "/activiteiten/seizoen/{platform}",
        "/platforms/{platform}/bronnen",
        "/bronnen/{bron}",
        "/bronnen/{bron}/bestand",
        "/bronnen/{bron}/stop",
        "/bronnen/{bron}/wijzig",
        "/bronnen/{bekijken}",
        "/activiteiten/weer-dit-jaar/{platform}",
        "/activiteiten/{eigen_activiteit}",
        "/activiteiten/{eigen_activiteit}/wijzig",
        "/activiteiten/{eigen_activiteit}/afgelasten",
        "/activiteiten/{eigen_activiteit}/intrekken",
        "/activiteiten/{eigen_keer}",
        "/activiteiten/{eigen_keer}/wijzig",
        "/activiteiten/{eigen_keer}/reeks/volgende/wijzig",
        "/activiteiten/{eigen_keer}/afgelasten",
        "/activiteiten/{eigen_activiteit}/foto",
        "/moderatie",
        "/moderatie/{inzending}",
        "/initiatieven/nieuw/{platform}",
        "/initiatieven/{eigen_initiatief}",
        "/initiatieven/{eigen_initiatief}/wijzig",
        "/initiatieven/{eigen_initiatief}/intrekken",
        "/account",
        "/account/wachtwoord",
        "/account/tweede-stap",
    ),
    "medewerker": (
        "/mijn",
        "/werkzaamheden",
        "/werkzaamheden/nieuw",
        "/werkzaamheden/{werkzaamheid}",
        "/werkzaamheden/{werkzaamheid}/wijzig",
        "/werkzaamheden/nabij/tricht?afstand=500",
        "/afstemming",
        "/afstemming?stand=besloten",
        "/afstemming/koppelkans/{koppelkans}",
        "/afstemming/botsingen?alles=1",
        "/afstemming/startcheck",
        "/afstemming/startcheck?werk={werkzaamheid}",
        "/afstemming/startcheck/{startcheck}",
        "/afstemming/planning?waar=kern.tricht",
        "/afstemming/planning?gekozen=werkzaamheid-{werkzaamheid}",
        "/werkbronnen",
        "/werkbronnen/{werkbron}",
        "/werkbronnen/{werkbron}/kolommen",
        "/werkbronnen/{werkbron}/lees",
        "/werkbronnen/{werkbron}/stop",
        "/werkbronnen/{inlezen}",
        "/projecten/nieuw",
        "/projecten/{project}",
        "/projecten/{project}/wijzig",
        "/projecten/{project}/werk",
        "/account/sleutels",
        "/account/sleutels/nieuw",
    ),
    "gebiedsmakelaar": (
        "/mijn",
        "/mijn/spreekuur",
        "/mijn/spreekuur/{spreekuur}",
        "/kernen/tricht",
    ),
    "beheerder": (
        "/activiteiten/nieuw",
        "/initiatieven/nieuw",
        "/beheer",
        "/beheer/gebruikers",
        "/beheer/gebruikers/nieuw",
        "/beheer/gebruikers/{gebruiker}",
        "/beheer/platforms",
        "/beheer/platforms/nieuw",
        "/beheer/platforms/{platform}",
        "/beheer/organisaties",
        "/beheer/organisaties/nieuw",
        "/beheer/organisaties/{organisatie}",
        "/beheer/zalen",
        "/beheer/zalen/nieuw",
        "/beheer/zalen/{zaal}",
        "/beheer/soorten",
        "/beheer/soorten/activiteiten",
        "/beheer/soorten/activiteiten/{soort}",
        "/beheer/woorden/werkzaamheid.status",
    ),
}
MET_TWEEDE_STAP = ("/inloggen/code", "/account/herstelcodes", "/account/tweede-stap/uit")
BESTAND = "/kernen/tricht/kaart.html"

# a form that is sent as it opens: what is empty gets its errors (422), what is not its preview
VERSTUURD = {
    "bezoeker": (
        ("/contact/platform/{platform}", 422),
        ("/doorgeven/activiteiten/{activiteit}", 422),
        ("/activiteiten/insturen", 422),
        ("/ingestuurd/{gevraagd}", 422),
        ("/ingestuurd/{wacht}/wijzig", 200),
        ("/inloggen", 422),
        ("/wachtwoord-vergeten", 422),
        ("/wachtwoord/{token}", 422),
        ("/volgen", 422),
        ("/volgen/bevestig/{volg_bevestig}", 200),
    ),
    "platformlid": (
        ("/activiteiten/nieuw/{platform}", 422),
        ("/activiteiten/seizoen/{platform}", 422),
        ("/platforms/{platform}/bronnen", 422),
        ("/bronnen/{bron}/bestand", 422),
        ("/bronnen/{bron}/wijzig", 200),
        ("/activiteiten/{eigen_activiteit}/wijzig", 200),
        ("/activiteiten/{eigen_keer}/reeks/volgende/wijzig", 200),
        ("/activiteiten/{eigen_keer}/intrekken", 422),
        ("/activiteiten/{eigen_activiteit}/afgelasten", 422),
        ("/activiteiten/{eigen_activiteit}/foto", 422),
        ("/initiatieven/nieuw/{platform}", 422),
        ("/account/wachtwoord", 422),
        ("/account/tweede-stap", 422),
    ),
    "medewerker": (
        ("/werkzaamheden/nieuw", 422),
        ("/werkbronnen", 422),
        ("/werkbronnen/{werkbron}/lees", 422),
        ("/werkzaamheden/{werkzaamheid}/wijzig", 200),
        ("/afstemming/koppelkans/{koppelkans}", 422),
        ("/projecten/nieuw", 422),
        ("/projecten/{project}/wijzig", 200),
        ("/account/sleutels/nieuw", 422),
    ),
    "gebiedsmakelaar": (("/mijn/spreekuur", 422),),
    "beheerder": (
        ("/beheer/gebruikers/nieuw", 422),
        ("/beheer/platforms/nieuw", 422),
        ("/beheer/organisaties/nieuw", 422),
        ("/beheer/zalen/nieuw", 422),
        ("/beheer/soorten/activiteiten", 422),
    ),
}
FOUT = {
    "bezoeker": (
        ("/bestaat-niet", 404),
        ("/uitloggen", 405),
        ("/wachtwoord/onzin", 410),
        ("/volgen/mijn/onzin", 410),
        ("/activiteiten?wanneer=zelf&van=31-02-2027", 422),
        ("/werkzaamheden/nabij/gebied?vorm=onzin", 422),
        ("/werkzaamheden/nabij/tricht?formaat=pdf", 422),
        ("/?wanneer=zelf&van=31-02-2027", 422),
    ),
    "platformlid": (("/beheer", 403),),
}
GEEN_PAGINA = {
    "/afstemming/startcheck.pdf": "paper, looked at in tests/afstemming",
    "/afstemming/startcheck/<int:startcheck_id>.pdf": "paper, looked at in tests/afstemming",
    "/account/sleutels/<int:sleutel_id>/intrekken": "a page, looked at in test_sleutels.py",
    "/achtergrond/<soort>/<int:z>/<int:x>/<int:y>": "a picture",
    "/activiteiten/die-dag": "a piece of the form of an activity",
    "/activiteiten/<int:activiteit_id>.ics": "a calendar",
    "/activiteiten/reeks/<uuid:uid>": "leads to an activity",
    "/activiteiten/reeks/<uuid:uid>.ics": "a calendar",
    "/afstemming/koppelkansen.xlsx": "a file",
    "/afstemming/botsingen/<int:botsing_id>": "a page, looked at in test_botsing.py",
    "/afstemming/planning.xlsx": "a file",
    "/api/v1/collections/<laag>/tiles": "data",
    "/api/v1/collections/<laag>/tiles/<raster>": "data",
    "/api/v1/collections/<laag>/tiles/<raster>/<z>/<row>/<col>": "a tile",
    "/api/v1/mijn/werkzaamheden": "data, with a key",
    "/api/v1/mijn/werkzaamheden/<ding_id>": "data, with a key",
    "/api/v1/openapi.json": "data",
    "/api/v1/tileMatrixSets": "data",
    "/api/v1/tileMatrixSets/<raster>": "data",
    "/api/v1/tiles": "data",
    "/api/v1/tiles/<raster>": "data",
    "/api/v1/tiles/<raster>/<z>/<row>/<col>": "a tile",
    "/beelden/<uuid:publiek_id>.webp": "a picture",
    "/bronnen/sjabloon.<any(csv, xlsx):formaat>": "a file",
    "/feed.<any(atom, rss):vorm>": "a feed",
    "/ingestuurd/<token>/foto.webp": "a picture",
    "/moderatie/<int:inzending_id>/foto.webp": "a picture",
    "/healthz": "one word",
    "/healthz/details": "data",
    "/kaart/deel": "pieces of the home page",
    "/insluiten/kernen-kaart.js": "a script",
    "/insluiten/insluiten.css": "a style sheet",
    "/insluiten/kleur-<kleur>.css": "a style sheet",
    "/oembed": "data",
    "/kalender.ics": "a calendar",
    "/kernen/<slug>/feed.<any(atom, rss):vorm>": "a feed",
    "/kernen/<slug>/kalender.ics": "a calendar",
    "/kernen/<slug>/werkzaamheden.ics": "a calendar",
    "/kaart/kernen-<int:versie>.json": "data",
    "/kaart/plekken": "data",
    "/kernen/<slug>/kalender.pdf": "a sheet of paper, looked at in tests/kalender",
    "/landelijk/deel": "pieces of the page of the country",
    "/open-data/<naam>.<formaat>": "files",
    "/open-data/catalogus.<vorm>": "data",
    "/platforms/<int:platform_id>/kalender.ics": "a calendar",
    "/readyz": "one word",
    "/static/<version>/<path:path>": "files",
    "/tegels/<lagen>.json": "data",
    "/tegels/<lagen>/<z>/<x>/<y>.mvt": "a tile",
    "/werkzaamheden/nabij": "leads to a kern or an area",
}


def find_plekken(served: Served) -> Mapping[str, object]:
    """What stands between the braces of an address, for the demo content."""
    platform = served.examples["platform"]
    [rij] = in_sql(
        served,
        "SELECT (SELECT min(id) FROM activiteit WHERE status = 'gepubliceerd'"
        f"  AND platform_id = {platform} AND begint_op > now() AND reeks_id IS NULL),"
        " (SELECT id FROM activiteit WHERE status = 'gepubliceerd' AND reeks_id IS NOT NULL"
        f"  AND platform_id = {platform} AND begint_op > now() ORDER BY id LIMIT 1),"
        f" (SELECT min(id) FROM initiatief WHERE platform_id = {platform}),"
        " (SELECT min(id) FROM activiteit WHERE status = 'afgelast'),"
        " (SELECT min(s.id) FROM spreekuur s JOIN gebruiker g ON g.id = s.gebruiker_id"
        f"  WHERE g.email = 'gebiedsmakelaar@{DOMEIN}'),"
        " (SELECT min(id) FROM inzending WHERE status = 'wacht'),"
        " (SELECT min(id) FROM organisatie), (SELECT min(id) FROM activiteit_soort),"
        " (SELECT min(id) FROM zaal),"
        f" (SELECT min(id) FROM kalenderbron WHERE platform_id = {platform} AND stand = 'loopt'),"
        " (SELECT min(id) FROM kalenderbron WHERE stand = 'bekijken'),"
        " (SELECT min(id) FROM werkbron WHERE stand = 'loopt'),"
        " (SELECT min(id) FROM werkbron WHERE stand = 'bekijken'),"
        " (SELECT ST_AsText(hart) FROM kern WHERE slug = 'tricht')",
    )
    namen = ("eigen_activiteit", "eigen_keer", "eigen_initiatief", "afgelast", "spreekuur",
             "inzending", "organisatie", "soort", "zaal", "bron", "bekijken", "werkbron", "inlezen",
             "vorm")  # fmt: skip
    engine = create_engine(served.environ["KERNENKAART_BEHEER_URL"])
    with Session(engine) as session:
        email = f"ketenpartner@{DOMEIN}"
        lid = session.scalars(select(Gebruiker).where(Gebruiker.email == email)).one()
        sleutel = Ondertekenaar(served.environ["KERNENKAART_SECRET_KEY"])
        wie = {"gebruiker": lid.publiek_id, "token": sleutel.make(lid, Soort.UITNODIGING)}
        wie |= make_links(session, served.environ["KERNENKAART_SECRET_KEY"])
        for naam, status in (("wacht", Status.WACHT), ("gevraagd", Status.VRAAG)):
            inzending = session.scalars(select(Inzending).where(Inzending.status == status)).first()
            assert inzending is not None
            wie[naam] = make_token(inzending.publiek_id, served.environ["KERNENKAART_SECRET_KEY"])
    engine.dispose()
    return {**served.examples, **dict(zip(namen, rij, strict=True)), **wie}
