"""What changed last, for a beheerder: which thing, which fields, and by whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Session, aliased

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Doelgroep
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.kernen.models import Kern
from kernenkaart.labels.queries import label
from kernenkaart.labels.standaard import STANDAARD
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort
from kernenkaart.platforms.models import Platform, PlatformSoort
from kernenkaart.projecten.models import Project, ProjectSoort
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidSoort
from kernenkaart.zalen.models import Zaal

REGELS_MAX = 300  # so many lines of the journaal are read for the few things that are shown
DINGEN_MAX = 10


@dataclass(frozen=True)
class Ding:
    """A table whose rows have a page.

    Attributes:
        woord: what one is called.
        id: its key.
        naam: column with what it is called.
        url: its page, with ``{}`` for ``sleutel``.
        sleutel: column with the key of its page.
    """

    woord: str
    id: Any
    naam: Any
    url: str
    sleutel: Any


def _ding(woord: str, model: Any, url: str, *, naam: str = "naam", sleutel: str = "id") -> Ding:
    return Ding(woord, model.id, getattr(model, naam), url, getattr(model, sleutel))


DINGEN = {
    "activiteit": _ding("Activiteit", Activiteit, "/activiteiten/{}", naam="titel"),
    "werkzaamheid": _ding("Werkzaamheid", Werkzaamheid, "/werkzaamheden/{}", naam="titel"),
    "project": _ding("Project", Project, "/projecten/{}", naam="titel"),
    "initiatief": _ding("Initiatief", Initiatief, "/initiatieven/{}", naam="titel"),
    "kern": _ding("Kern", Kern, "/kernen/{}", sleutel="slug"),
    "platform": _ding("Groep", Platform, "/beheer/platforms/{}"),
    "organisatie": _ding("Organisatie", Organisatie, "/beheer/organisaties/{}"),
    "zaal": _ding("Zaal", Zaal, "/beheer/zalen/{}"),
    "gebruiker": _ding("Gebruiker", Gebruiker, "/beheer/gebruikers/{}", sleutel="publiek_id"),
    "activiteit_soort": _ding(
        "Soort activiteit", ActiviteitSoort, "/beheer/soorten/activiteiten/{}"
    ),
    "doelgroep": _ding("Doelgroep", Doelgroep, "/beheer/soorten/doelgroepen/{}"),
    "werkzaamheid_soort": _ding(
        "Soort werkzaamheid", WerkzaamheidSoort, "/beheer/soorten/werkzaamheden/{}"
    ),
    "project_soort": _ding("Soort project", ProjectSoort, "/beheer/soorten/projecten/{}"),
    "initiatief_soort": _ding(
        "Soort initiatief", InitiatiefSoort, "/beheer/soorten/initiatieven/{}"
    ),
    "platform_soort": _ding("Soort groep", PlatformSoort, "/beheer/soorten/platforms/{}"),
    "organisatie_soort": _ding(
        "Soort organisatie", OrganisatieSoort, "/beheer/soorten/organisaties/{}"
    ),
}
# rows that are told as a change of the thing they belong to: (table, column that refers to it)
DELEN = {
    "hinderregel": ("werkzaamheid", "werkzaamheid_id"),
    "werkzaamheid_fase": ("werkzaamheid", "werkzaamheid_id"),
    "project_fase": ("project", "project_id"),
    "project_werk": ("project", "project_id"),
    "platform_kern": ("platform", "platform_id"),
    "platform_relatie": ("platform", "van_id"),
    "lidmaatschap": ("gebruiker", "gebruiker_id"),
    "toewijzing": ("gebruiker", "gebruiker_id"),
    "spreekuur": ("gebruiker", "gebruiker_id"),
}
# too long to read only to say that they changed
VLAKKEN = ("geom", "grens", "hart", "hinder_geom", "omleiding_geom")
WOORDEN = {
    "status": "status", "reden": "reden", "titel": "titel", "naam": "naam", "soort_id": "soort",
    "soort": "soort", "begint_op": "begin", "eindigt_op": "einde", "hele_dag": "hele dag",
    "eerste_dag": "eerste dag", "laatste_dag": "laatste dag", "bevestigd_op": "bevestigd",
    "geom": "plek", "grens": "grens", "hart": "midden", "plek_naam": "naam van de plek",
    "hinder": "hinder", "hinder_kort": "hinder in het kort", "hinderregel": "hinder per groep",
    "omleiding": "omleiding", "omschrijving": "omschrijving", "wie": "wie het doet",
    "openbaar": "wie het ziet", "zichtbaarheid": "wie de groep ziet", "platform_id": "groep",
    "organisatie_id": "organisatie", "project_id": "project", "project_fase": "fasen",
    "project_werk": "werk dat erbij hoort",
    "platform_kern": "kernen", "platform_relatie": "relaties", "lidmaatschap": "groepen",
    "toewijzing": "kernen", "spreekuur": "spreekuur", "participatie": "meedoen",
    "participatie_uitleg": "uitleg bij meedoen", "website": "website", "contact_rol": "contact",
    "contact_telefoon": "telefoon", "contact_email": "e-mail", "telefoon": "telefoon",
    "email": "e-mail", "rol": "rol", "functie": "functie", "active": "account open",
    "actief": "in gebruik", "volgorde": "volgorde", "gebied_id": "gebied", "slug": "webadres",
    "code": "code", "zaal_id": "zaal", "doelgroep_id": "voor wie",
    "vroegst": "op zijn vroegst", "laatst": "op zijn laatst", "duur_dagen": "duur",
    "nauwkeurigheid": "hoe precies de dagen zijn", "diepte": "laag van de straat",
    "hinder_geom": "plek van de hinder", "omleiding_geom": "route van de omleiding",
    "interne_notitie": "interne notitie", "werkzaamheid_fase": "fasen",
    "moratorium_maanden": "niet graven na dit werk",
    "organisator": "wie het organiseert", "beeld_id": "foto", "adres": "adres",
}  # fmt: skip
STIL = frozenset(
    {"id", "demo", "sleutel", "publiek_id", "kern_id", "gemeente_id", "gemaakt_door_id"}
    | {"created_at", "updated_at", "status_straks", "gevraagd_op"}
    | {"uid", "reeks_id", "reeks_dag", "afwijkend"}
)


@dataclass(frozen=True)
class Verandering:
    """What one person changed of one thing on one day.

    Attributes:
        op: when it was last changed that day.
        ding: what it is: ``Groep``.
        url: its page; None when it is gone.
        wat: what changed, in words.
        door: name of who did it; None for an import or a command.
    """

    op: datetime
    ding: str
    titel: str
    url: str | None
    wat: str
    door: str | None


@dataclass
class _Bundel:
    """The lines of one thing, one person and one day; the first one is the newest."""

    eerste: RowMapping
    acties: set[str] = field(default_factory=set)
    nieuw: dict[str, Any] = field(default_factory=dict)


def find_recent(session: Session, hoogstens: int = DINGEN_MAX) -> list[Verandering]:
    """The things that changed last, newest first; two statements and the words of codes."""
    bundels = _bundle(session.execute(_lines()).mappings())[:hoogstens]
    pages = _pages(session, bundels)
    found = []
    for bundel in bundels:
        ding = DINGEN[bundel.eerste["ding"]]
        titel, sleutel = pages.get(_key(bundel), (bundel.eerste["naam"] or ding.woord, None))
        found.append(
            Verandering(
                bundel.eerste["op"],
                ding.woord,
                titel,
                None if sleutel is None else ding.url.format(sleutel),
                _tell(session, bundel),
                bundel.eerste["door"],
            )
        )
    return found


def _lines() -> Select[Any]:
    regel = Journaalregel
    tabel = regel.tabel
    ouders = {deel: ouder for deel, (ouder, _) in DELEN.items()}
    refers = case(
        *((tabel == deel, _reference(kolom)) for deel, (_, kolom) in DELEN.items()),
        else_=regel.rij_id,
    )
    namen = (v[k].astext for v in (regel.nieuw, regel.oud) for k in ("titel", "naam"))
    kort = regel.nieuw.op("-", return_type=JSONB())(array(VLAKKEN, type_=Text))
    return (
        select(
            regel.op,
            regel.actie,
            regel.gebruiker_id,
            Gebruiker.naam.label("door"),
            tabel,
            case(ouders, value=tabel, else_=tabel).label("ding"),
            refers.label("ding_id"),
            func.coalesce(*namen).label("naam"),
            case((regel.actie == "U", kort)).label("nieuw"),
            and_(regel.actie == "U", regel.nieuw.has_any(array(VLAKKEN))).label("plek"),
        )
        .outerjoin(Gebruiker, Gebruiker.id == regel.gebruiker_id)
        .where(tabel.in_([*DINGEN, *DELEN]))
        .order_by(regel.id.desc())
        .limit(REGELS_MAX)
    )


def _reference(kolom: str) -> ColumnElement[int]:
    """The key of the thing a row belongs to: in the line itself, or in the line that made it."""
    first = aliased(Journaalregel)
    made = (
        select(first.nieuw[kolom].astext)
        .where(
            first.tabel == Journaalregel.tabel,
            first.rij_id == Journaalregel.rij_id,
            first.actie == "I",
        )
        .limit(1)
        .correlate(Journaalregel)
        .scalar_subquery()
    )
    here = (veld[kolom].astext for veld in (Journaalregel.nieuw, Journaalregel.oud))
    return cast(func.coalesce(*here, made), Integer)


def _bundle(lines: Iterable[RowMapping]) -> list[_Bundel]:
    bundels: dict[tuple[str, int, date, int | None], _Bundel] = {}
    for line in lines:
        changed = set(line["nieuw"] or ()) | ({"geom"} if line["plek"] else set())
        deel = line["tabel"] in DELEN
        if line["ding_id"] is None or (line["actie"] == "U" and not deel and changed <= STIL):
            continue
        dag = line["op"].astimezone(AMSTERDAM).date()
        key = (line["ding"], line["ding_id"], dag, line["gebruiker_id"])
        bundel = bundels.setdefault(key, _Bundel(line))
        if deel:
            bundel.nieuw.setdefault(line["tabel"], None)
        else:
            bundel.acties.add(line["actie"])
            bundel.nieuw = {
                veld: (line["nieuw"] or {}).get(veld) for veld in changed
            } | bundel.nieuw
    return list(bundels.values())


def _key(bundel: _Bundel) -> tuple[str, int]:
    return bundel.eerste["ding"], bundel.eerste["ding_id"]


def _pages(session: Session, bundels: list[_Bundel]) -> dict[tuple[str, int], tuple[str, str]]:
    """What each thing that is still there is called, and the key of its page."""
    ids: dict[str, set[int]] = {}
    for tabel, ding_id in map(_key, bundels):
        ids.setdefault(tabel, set()).add(ding_id)
    if not ids:
        return {}
    arms = [
        select(
            literal(tabel).label("tabel"),
            DINGEN[tabel].id.label("id"),
            DINGEN[tabel].naam.label("naam"),
            cast(DINGEN[tabel].sleutel, Text).label("sleutel"),
        ).where(DINGEN[tabel].id.in_(sorted(keys)))
        for tabel, keys in ids.items()
    ]
    return {
        (row.tabel, row.id): (row.naam, row.sleutel) for row in session.execute(union_all(*arms))
    }


def _tell(session: Session, bundel: _Bundel) -> str:
    if "D" in bundel.acties:
        return "Weggehaald"
    if "I" in bundel.acties:
        return "Nieuw"
    woorden = (_word(session, bundel.eerste["ding"], veld, bundel.nieuw) for veld in WOORDEN
               if veld in bundel.nieuw)  # fmt: skip
    tekst = ", ".join(dict.fromkeys(woorden))
    return tekst[:1].upper() + tekst[1:]


def _word(session: Session, ding: str, veld: str, nieuw: Mapping[str, Any]) -> str:
    lijst = f"{ding}.{veld}"
    if nieuw[veld] in STANDAARD.get(lijst, ()):
        return f"{WOORDEN[veld]}: {label(session, lijst, nieuw[veld]).lower()}"
    return WOORDEN[veld]
