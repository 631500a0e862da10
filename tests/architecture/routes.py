"""All routes, a small world to ask them in, and the table of who gets which answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.kernen.models import Spreekuur
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from tests import factories as make
from tests.inzendingen.insturen import make_inzending
from tests.kalenderbronnen.bronnen import make_bron
from tests.werkbronnen.bronnen import make_werkbron

MATRIX = Path(__file__).with_name("matrix.txt")
KOLOMMEN = (
    Rol.BEZOEKER,
    Rol.PLATFORMLID,
    Rol.KETENPARTNER,
    Rol.MEDEWERKER,
    Rol.GEBIEDSMAKELAAR,
    Rol.BEHEERDER,
)


def rules(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every (method, rule, endpoint) but HEAD and OPTIONS."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, rule.endpoint


def fill(rule: str, values: dict[str, str]) -> str:
    """The path of ``rule`` with its parameters filled in; what is missing fits its converter."""

    def one(found: re.Match[str]) -> str:
        converter, name = found[2] or "string", found[4]
        if name in values:
            return values[name]
        if converter == "any":
            return str(found[3]).split(",", maxsplit=1)[0].strip()
        return {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}.get(converter, "x")

    return re.sub(r"<((\w+)(?:\(([^)]*)\))?:)?(\w+)>", one, rule)


@dataclass(frozen=True)
class Regel:
    """A line of the table.

    Attributes:
        waarden: parameters that are not the usual thing of the world, by name.
        verwacht: per column the status for the own kern and for another.
    """

    method: str
    rule: str
    waarden: dict[str, str]
    verwacht: tuple[tuple[int, int], ...]


def read_matrix() -> list[Regel]:
    """The lines of matrix.txt."""
    found = []
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        route, values, answers = (part.strip() for part in line.split("|"))
        method, rule = route.split(" ", 1)
        waarden = dict(pair.split("=", 1) for pair in values.split())
        pairs = [(pair.split("/") * 2)[:2] for pair in answers.split()]
        found.append(
            Regel(
                method, rule.strip(), waarden, tuple((int(own), int(other)) for own, other in pairs)
            )
        )
    return found


class Wereld:
    """Two kernen with the same things in each; everybody belongs to the first (``eigen``)."""

    def __init__(self, session: Session) -> None:
        self.dingen = {kant: self._things(session) for kant in ("eigen", "ander")}
        eigen = self.dingen["eigen"]
        ander = self.dingen["ander"]
        eigen["naar_id"], ander["naar_id"] = ander["platform"], eigen["platform"]
        self.gebruikers: dict[Rol, Gebruiker | None] = {
            Rol.BEZOEKER: None,
            Rol.PLATFORMLID: make.make_gebruiker(session, eigen["platform"]),
            Rol.KETENPARTNER: make.make_gebruiker(
                session, rol=Rol.KETENPARTNER, organisatie_id=eigen["organisatie"].id
            ),
            Rol.MEDEWERKER: make.make_gebruiker(session, rol=Rol.MEDEWERKER),
            Rol.GEBIEDSMAKELAAR: make.make_gebruiker(
                session, rol=Rol.GEBIEDSMAKELAAR, kernen=[eigen["kern"]]
            ),
            Rol.BEHEERDER: make.make_gebruiker(session, rol=Rol.BEHEERDER),
        }
        makelaars = {
            "eigen": self.gebruikers[Rol.GEBIEDSMAKELAAR],
            "ander": make.make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[ander["kern"]]),
        }
        for kant, makelaar in makelaars.items():
            if makelaar is not None:
                self.dingen[kant]["spreekuur"] = make.add(
                    session,
                    Spreekuur(
                        gebruiker_id=makelaar.id,
                        weekdag=2,
                        van=time(9),
                        tot=time(11),
                        plek="Dorpshuis",
                    ),
                )

    def _things(self, session: Session) -> dict[str, Any]:
        kern = make.make_kern(session)
        platform = make.make_platform(session, kernen=[kern], contact_email="p@example.org")
        organisatie = make.make_organisatie(session)
        return {
            "kern": kern,
            "platform": platform,
            "organisatie": organisatie,
            "gebruiker": make.make_gebruiker(session, platform),
            "zaal": make.make_zaal(session, kern),
            "activiteit": make.make_activiteit(session, platform=platform),
            "activiteit.concept": make.make_activiteit(
                session, platform=platform, status=ActiviteitStatus.CONCEPT
            ),
            "initiatief": make.make_initiatief(session, platform=platform),
            "initiatief.concept": make.make_initiatief(
                session, platform=platform, status=InitiatiefStatus.CONCEPT
            ),
            "werkzaamheid": make.make_werkzaamheid(session, organisatie=organisatie),
            "werkzaamheid.intern": make.make_werkzaamheid(
                session, organisatie=organisatie, openbaar=False
            ),
            "werkzaamheid.concept": make.make_werkzaamheid(
                session, organisatie=organisatie, status=WerkzaamheidStatus.CONCEPT
            ),
            "project": make.make_project(session, organisatie=organisatie),
            "bron": make_bron(session, platform),
            "werkbron": make_werkbron(session, organisatie),
            "project.intern": make.make_project(session, organisatie=organisatie, openbaar=False),
            "inzending": make_inzending(session, kern),
        }

    def path(self, regel: Regel, kant: str) -> str:
        """The path of a line, for a thing of the own kern or of another one.

        A value in the table is ``'text'`` as it stands, or the name of a thing: its key.
        """
        things = self.dingen[kant]
        values = {f"{name}_id": str(thing.id) for name, thing in things.items() if "." not in name}
        values["slug"] = things["kern"].slug
        values["publiek_id"] = str(things["gebruiker"].publiek_id)
        values["naar_id"] = str(things["naar_id"].id)
        for name, value in regel.waarden.items():
            values[name] = value[1:-1] if value.startswith("'") else str(things[value].id)
        return fill(regel.rule, values)
