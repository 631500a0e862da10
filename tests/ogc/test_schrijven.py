"""Works written by programs: the rules of the pages, in the shape of OGC API Features part 4."""

from typing import Any

import pytest
from shapely.geometry import shape
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.journaal.queries import find_changes
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.laag import LAAG
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_vrijstelling
from tests.ogc.schrijver import (
    ITEMS,
    LIJN,
    MIJN,
    feature,
    make_gebied,
    make_partner,
    make_programma,
    pointers,
    werken,
)

RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"


def test_a_partner_posts_a_work_and_reads_it_back_with_all_it_said(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    partner = make_partner(session)
    programma = make_programma(client, session, partner)
    gezegd = {
        "omschrijving": "Nieuwe buizen.",
        "status": "bevestigd",
        "hinder": "afgesloten",
        "hinderKort": "Afgesloten voor auto's",
        "hinderregels": [{"wie": "Auto's", "niveau": "afgesloten", "tekst": "Dag en nacht."}],
        "omleiding": "Over de dijk.",
        "plek": "Nieuwsteeg",
        "contactRol": "Omgevingsmanager",
        "contactTelefoon": "0345 123456",
        "openbaar": True,
    }

    response = programma.ask("POST", ITEMS, feature(**gezegd, vrijstelling="Spoedreparatie."))

    werk = werken(session)[0]
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"{ITEMS}/{werk.id}")
    assert response.headers["ETag"] == f'"v{werk.versie}"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "application/geo+json"
    assert (werk.organisatie_id, werk.gemaakt_door_id) == (partner.organisatie_id, partner.id)
    assert (werk.status, werk.bevestigd_op) == (Status.BEVESTIGD, today())
    assert werk.geom.equals_exact(LIJN, 0.005)  # type: ignore[union-attr]
    gelezen = programma.ask("GET", f"{MIJN}/{werk.id}").get_json()
    assert gelezen == response.get_json()
    assert gelezen["properties"].items() >= gezegd.items()
    assert gelezen["properties"]["kern"] == "Proefdorp"


def test_a_feature_says_all_of_the_open_layer_and_more(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    antwoord = make_programma(client, session).ask("POST", ITEMS, feature())

    assert set(LAAG.velden) <= set(antwoord.get_json()["properties"])


def test_what_is_left_out_is_as_on_an_empty_page(client: ClientFactory, session: Session) -> None:
    make_gebied(session)

    make_programma(client, session).ask("POST", ITEMS, feature())

    werk = werken(session)[0]
    assert (werk.status.value, werk.hinder.value, werk.openbaar) == ("verwacht", "geen", True)


@pytest.mark.parametrize("soort", ["riool", "RIOOL", "naam"])
def test_a_kind_goes_by_its_code_or_its_name(
    client: ClientFactory, session: Session, soort: str
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    eerste = programma.ask("POST", ITEMS, feature()).get_json()["properties"]["soort"]

    response = programma.ask("POST", ITEMS, feature(soort=eerste if soort == "naam" else soort))

    assert response.get_json()["properties"]["soort"] == eerste


def test_a_draft_is_seen_by_its_own_and_by_nobody_in_the_open(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    partner = make_partner(session)
    programma = make_programma(client, session, partner)

    response = programma.ask("POST", ITEMS, feature(status="concept", statusStraks="bevestigd"))

    id_ = response.get_json()["id"]
    assert response.get_json()["properties"]["status"] == "concept"
    assert response.get_json()["properties"]["statusStraks"] == "bevestigd"
    assert programma.ask("GET", f"{MIJN}/{id_}").status_code == 200
    assert [f["id"] for f in programma.ask("GET", MIJN).get_json()["features"]] == [id_]
    for pad in (f"{ITEMS}/{id_}", f"{MIJN}/{id_}"):
        assert client().get(pad).status_code in (401, 404)
    assert client(partner).get(f"{ITEMS}/{id_}").status_code == 404
    assert programma.ask("GET", f"{ITEMS}/{id_}").status_code == 404
    vreemde = make_programma(client, session)
    assert vreemde.ask("GET", f"{MIJN}/{id_}").status_code == 404
    assert vreemde.ask("GET", MIJN).get_json()["features"] == []


@pytest.mark.parametrize("methode", ["POST", "PUT", "PATCH"])
def test_a_program_makes_no_work_certain_without_its_startcheck(
    client: ClientFactory, session: Session, methode: str
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    pad = ITEMS
    if methode != "POST":
        verwacht = programma.ask("POST", ITEMS, feature(status="verwacht"))
        pad = f"{ITEMS}/{verwacht.get_json()['id']}"
    zeker = feature(status="bevestigd")
    if methode == "PATCH":
        zeker = {"properties": {"status": "bevestigd"}}
    versie = {} if methode == "POST" else {"If_Match": '"v1"'}

    response = programma.ask(methode, pad, zeker, **versie)

    assert response.status_code == 400
    assert "startcheck" in pointers(response)["/properties/status"]
    assert {werk.status for werk in werken(session)} <= {Status.VERWACHT}


def test_all_that_is_wrong_is_said_at_once_in_the_words_of_the_page(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    fout = feature(
        vorm=None,
        titel="",
        soort="onzin",
        eersteDag="7 juni 2027",
        laatsteDag="2027-02-30",
        status="misschien",
        hinder="beperkt",
        hinderregels=[{"wie": "", "niveau": "geen", "tekst": "Altijd."}],
        openbaar="ja",
        plek="x" * 201,
        omleiding=5,
        project="9",
        kleur="rood",
    )

    response = make_programma(client, session).ask("POST", ITEMS, fout)

    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert pointers(response) == {
        "/properties/kleur": "Deze eigenschap bestaat niet.",
        "/properties/titel": "Vul een naam in. Bijvoorbeeld: Nieuw riool in de Nieuwsteeg.",
        "/properties/soort": "Kies een soort uit de lijst.",
        "/properties/eersteDag": "Schrijf een dag als 2027-06-07.",
        "/properties/laatsteDag": "Schrijf een dag als 2027-06-07.",
        "/properties/status": (
            "Kies uit: concept, nog_niet_zeker, verwacht, bevestigd, bezig, klaar, uitgesteld, "
            "vervallen."
        ),
        "/properties/hinderKort": (
            "Vul in wie er niet langs kan. Bijvoorbeeld: Afgesloten voor auto's."
        ),
        "/properties/hinderregels": "Regel 1: vul in wie, en hoe die langs kan.",
        "/properties/openbaar": "Dit moet true of false zijn.",
        "/properties/plek": "Maak dit korter: hoogstens 200 tekens.",
        "/properties/omleiding": "Dit moet tekst zijn, tussen aanhalingstekens.",
        "/properties/project": "Dit moet het nummer zijn, zonder aanhalingstekens.",
        "/geometry": "Teken op de kaart waar het werk is.",
    }
    assert werken(session) == []


@pytest.mark.parametrize(
    ("velden", "plek", "melding"),
    [
        ({"laatsteDag": "2027-06-06"}, "laatsteDag", "De laatste dag ligt vóór de eerste dag."),
        ({"laatsteDag": "2040-01-01"}, "laatsteDag", "Dit duurt langer dan tien jaar."),
        ({"eersteDag": "0001-01-01"}, "eersteDag", "Dit jaar klopt niet."),
        ({"organisatie": "Bestaat niet"}, "organisatie", "Kies een organisatie uit de lijst."),
        ({"project": 1}, "project", "Kies een van de mogelijkheden uit de lijst."),
    ],
)
def test_rules_of_the_service_point_at_their_property_too(
    client: ClientFactory, session: Session, velden: dict[str, Any], plek: str, melding: str
) -> None:
    make_gebied(session)

    response = make_programma(client, session).ask("POST", ITEMS, feature(**velden))

    assert response.status_code == 400
    assert pointers(response)[f"/properties/{plek}"].startswith(melding)


def test_what_lies_far_away_is_refused_at_its_geometry(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    ver = {"type": "Point", "coordinates": [6.9, 53.2]}

    response = make_programma(client, session).ask("POST", ITEMS, feature(ver))

    assert pointers(response) == {
        "/geometry": "Dit ligt te ver buiten de gemeente. Teken het opnieuw."
    }


def test_putting_replaces_all_and_what_is_left_out_becomes_empty(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    eerst = programma.ask("POST", ITEMS, feature(omleiding="Over de dijk.", status="uitgesteld"))
    id_ = eerst.get_json()["id"]

    response = programma.ask(
        "PUT", f"{ITEMS}/{id_}", feature(titel="Anders"), If_Match=eerst.headers["ETag"]
    )

    werk = werken(session)[0]
    assert response.status_code == 200
    assert response.headers["ETag"] == f'"v{werk.versie}"' != eerst.headers["ETag"]
    assert (werk.titel, werk.omleiding, werk.status.value) == ("Anders", None, "verwacht")


def test_what_was_read_can_be_sent_back_as_it_is_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    gemaakt = programma.ask("POST", ITEMS, feature(status="concept", hinder="geen"))
    id_ = gemaakt.get_json()["id"]
    was = werken(session)[0].geom

    for crs in ("", RD_URI, "http://www.opengis.net/def/crs/EPSG/0/4258"):
        gelezen = programma.ask("GET", f"{MIJN}/{id_}" + (f"?crs={crs}" if crs else ""))
        terug = programma.ask(
            "PUT",
            f"{ITEMS}/{id_}",
            gelezen.get_json(),
            If_Match=gelezen.headers["ETag"],
            Content_Crs=gelezen.headers["Content-Crs"],
        )
        assert terug.status_code == 200
        assert terug.headers["ETag"] == gemaakt.headers["ETag"]
    assert werken(session)[0].geom == was


def test_patching_changes_what_is_named_and_null_makes_it_empty(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    eerst = programma.ask("POST", ITEMS, feature(omleiding="Over de dijk.", plek="Nieuwsteeg"))
    pad = f"{ITEMS}/{eerst.get_json()['id']}"
    was = werken(session)[0].geom

    response = programma.ask(
        "PATCH",
        pad,
        {"properties": {"status": "uitgesteld", "omleiding": None}},
        If_Match=eerst.headers["ETag"],
    )

    werk = werken(session)[0]
    assert response.status_code == 200
    assert (werk.status.value, werk.omleiding, werk.plek_naam) == ("uitgesteld", None, "Nieuwsteeg")
    assert werk.geom == was
    ander = programma.ask(
        "PATCH",
        pad,
        {"geometry": {"type": "Point", "coordinates": [140_020, 430_020]}},
        If_Match=response.headers["ETag"],
        Content_Crs=RD_URI,
    )
    assert ander.status_code == 200
    assert werken(session)[0].geom.wkt == "POINT (140020 430020)"  # type: ignore[union-attr]


def test_deleting_throws_a_draft_away_and_lets_a_known_work_lapse(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    codes = []
    for status in ("concept", "verwacht"):
        gemaakt = programma.ask("POST", ITEMS, feature(status=status))
        pad = f"{ITEMS}/{gemaakt.get_json()['id']}"
        weg = programma.ask("DELETE", pad, If_Match=gemaakt.headers["ETag"])
        nog = programma.ask("DELETE", pad, If_Match='"v9"')
        codes.append((weg.status_code, nog.status_code))

    assert codes == [(204, 404), (200, 412)]
    assert [werk.status for werk in werken(session)] == [Status.VERVALLEN]


def test_changing_without_saying_which_version_or_another_is_refused(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    gemaakt = programma.ask("POST", ITEMS, feature())
    pad, etag = f"{ITEMS}/{gemaakt.get_json()['id']}", gemaakt.headers["ETag"]

    for method, body in (("PUT", feature()), ("PATCH", {}), ("DELETE", None)):
        for kop in ({}, {"If_Match": "*"}, {"If_Match": ""}):
            assert programma.ask(method, pad, body, **kop).status_code == 428
        for kop in (f"W/{etag}", '"v99"', "v1", '"', "x" * 5_000, etag.strip('"')):
            response = programma.ask(method, pad, body, If_Match=kop)
            assert response.status_code == 412
            assert response.headers["ETag"] == etag
    samen = programma.ask("PATCH", pad, {"properties": {}}, If_Match=f'"v99", {etag}')
    assert samen.status_code == 200


def test_a_change_in_a_page_outdates_the_etag_of_a_program(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    gemaakt = programma.ask("POST", ITEMS, feature())
    id_ = gemaakt.get_json()["id"]
    make_vrijstelling(session, werken(session)[0])
    client(make_gebruiker(session, rol=Rol.MEDEWERKER)).post(f"/werkzaamheden/{id_}/bevestig")

    response = programma.ask(
        "PUT", f"{ITEMS}/{id_}", feature(titel="Oud"), If_Match=gemaakt.headers["ETag"]
    )

    assert response.status_code == 412
    assert werken(session)[0].titel == "Nieuw riool in de Nieuwsteeg"


def test_the_journaal_says_whose_key_changed_what(client: ClientFactory, session: Session) -> None:
    make_gebied(session)
    partner = make_partner(session)
    programma = make_programma(client, session, partner)
    antwoord = programma.ask("POST", ITEMS, feature())
    id_ = antwoord.get_json()["id"]
    for method, body in (
        ("PUT", feature(titel="Een")),
        ("PATCH", {"properties": {"titel": "Twee"}}),
    ):
        antwoord = programma.ask(method, f"{ITEMS}/{id_}", body, If_Match=antwoord.headers["ETag"])
    programma.ask("DELETE", f"{ITEMS}/{id_}", If_Match=antwoord.headers["ETag"])

    regels = find_changes(session, "werkzaamheid", id_)

    assert [regel.actie for regel in regels] == ["U", "U", "U", "I"]
    assert {regel.gebruiker_id for regel in regels} == {partner.id}


def test_coordinates_in_rd_and_in_degrees_store_the_same(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    in_rd = feature({"type": "LineString", "coordinates": list(LIJN.coords)})
    graden = programma.ask("POST", ITEMS, feature()).get_json()
    noord_eerst = feature(
        {
            "type": "LineString",
            "coordinates": [xy[::-1] for xy in graden["geometry"]["coordinates"]],
        }
    )

    meters = programma.ask("POST", ITEMS, in_rd, Content_Crs=f"<{RD_URI}>")
    programma.ask(
        "POST", ITEMS, noord_eerst, Content_Crs="http://www.opengis.net/def/crs/EPSG/0/4258"
    )

    assert meters.headers["Content-Crs"] == f"<{RD_URI}>"
    assert shape(meters.get_json()["geometry"]).equals_exact(LIJN, 0.001)
    for werk in werken(session):
        assert werk.geom.equals_exact(LIJN, 0.005)  # type: ignore[union-attr]
    assert programma.ask("POST", ITEMS, in_rd).status_code == 400  # metres are no degrees
    assert programma.ask("POST", ITEMS, in_rd, Content_Crs="EPSG:31370").status_code == 415
