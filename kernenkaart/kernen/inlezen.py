"""From a geo file to kernen: read the columns, judge each feature, store what is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.geo.bestand.waarden import Feature, Geobestand
from kernenkaart.geo.crs import to_rd
from kernenkaart.kernen import grenzen, kolommen
from kernenkaart.kernen.gemeentekeuze import place_in_gemeenten, place_in_one
from kernenkaart.kernen.grenzen import Kandidaat, Overlap, Uitkomst, kept
from kernenkaart.kernen.kolommen import Kolommen, normal_gemeente_code, tekst
from kernenkaart.kernen.models import Gemeente, Kern, KernSoort
from kernenkaart.kernen.namen import slugify
from kernenkaart.kernen.services import Telling, store_gemeenten, store_kernen

Melder = Callable[[str], None]


@dataclass(frozen=True)
class Opdracht:
    """What to make of a file.

    Attributes:
        gemeente: CBS code of the gemeente that all is of; None takes it from the file (landelijk).
        gemeente_naam: its name, for when it is new.
        naam: column with the name; None guesses.
        code: column with the code; None guesses.
        marge_m: how far a kern may lie outside its gemeente, in metres.
        op_naam: whether a stored kern of the same name and another code is the same kern.
    """

    gemeente: str | None
    gemeente_naam: str = ""
    naam: str | None = None
    code: str | None = None
    marge_m: float = 5000.0
    op_naam: bool = False


@dataclass
class Verslag:
    """What an import did.

    Attributes:
        kandidaten: every feature with its outcome, in order of the file.
        telling: how many kernen are new, changed and unchanged.
        opmerkingen: what one should know about the file as a whole, as sentences.
        overlap: which kernen lie over one another, largest first.
    """

    kandidaten: list[Kandidaat]
    telling: Telling = field(default_factory=Telling)
    opmerkingen: list[str] = field(default_factory=list)
    overlap: list[Overlap] = field(default_factory=list)

    def count(self, uitkomst: Uitkomst) -> int:
        """How many features came out as ``uitkomst``."""
        return sum(one.uitkomst is uitkomst for one in self.kandidaten)


def import_kernen(
    session: Session, bestand: Geobestand, opdracht: Opdracht, melder: Melder = lambda _: None
) -> Verslag:
    """Judge every feature of ``bestand`` and store those that are kept. The caller commits.

    Kernen are found again by their code within the gemeente. What has not changed is not written.

    Args:
        melder: is told, in a few words, what goes on.

    Raises:
        Invalid: if the columns are not clear.
    """
    columns = kolommen.guess(
        bestand.velden, bestand.features, naam=opdracht.naam, code=opdracht.code
    )
    verslag = Verslag([to_kandidaat(one, columns) for one in bestand.features])
    verslag.opmerkingen += bestand.opmerkingen
    melder(f"{len(verslag.kandidaten)} vormen gelezen, nu controleren")
    for one in verslag.kandidaten:
        grenzen.repair(one)
    if opdracht.gemeente is None:
        place_in_gemeenten(session, verslag.kandidaten)
    else:
        verslag.opmerkingen += place_in_one(
            session, verslag.kandidaten, opdracht.gemeente, opdracht.gemeente_naam
        )
    bekend = _Bekend.read(session, {one.gemeente for one in kept(verslag.kandidaten)})
    bekend.give_codes(verslag, opdracht, has_codes=columns.code is not None)
    verslag.kandidaten = grenzen.merge_parts(verslag.kandidaten)
    grenzen.refuse_double_names(verslag.kandidaten)
    bekend.refuse_taken_names(verslag.kandidaten)
    grenzen.refuse_far_away(
        verslag.kandidaten,
        bekend.gemeentegrenzen,
        bekend.kerngrenzen(),
        opdracht.marge_m,
        met_gaten=opdracht.gemeente is None,
    )
    anderen = bekend.not_in(verslag.kandidaten)
    verslag.overlap = grenzen.note_overlaps(
        verslag.kandidaten, [(kern.naam, kern.grens) for kern in anderen]
    )
    if anderen and opdracht.gemeente is not None:
        verslag.opmerkingen.append(_untouched(anderen))
    melder(f"{len(kept(verslag.kandidaten))} kernen goedgekeurd, nu bewaren")
    namen = {} if opdracht.gemeente is None else {opdracht.gemeente: opdracht.gemeente_naam}
    verslag.telling = store_kernen(session, kept(verslag.kandidaten), namen)
    return verslag


def import_gemeenten(session: Session, bestand: Geobestand, opdracht: Opdracht) -> Verslag:
    """Store the boundary and name of each gemeente in ``bestand``. The caller commits.

    Gemeenten are found again by their CBS code.

    Raises:
        Invalid: if there is no column with CBS codes.
    """
    columns = kolommen.guess_gemeenten(
        bestand.velden, bestand.features, naam=opdracht.naam, code=opdracht.code
    )
    verslag = Verslag([to_kandidaat(one, columns) for one in bestand.features])
    verslag.opmerkingen += bestand.opmerkingen
    for one in verslag.kandidaten:
        one.code = one.gemeente or ""
        if not one.code:
            one.refuse("heeft geen CBS-code")
        grenzen.repair(one)
    verslag.kandidaten = grenzen.merge_parts(verslag.kandidaten)
    verslag.overlap = grenzen.note_overlaps(verslag.kandidaten, [])
    verslag.telling = store_gemeenten(session, kept(verslag.kandidaten))
    return verslag


def to_kandidaat(feature: Feature, columns: Kolommen) -> Kandidaat:
    """A feature with its columns read."""
    velden = feature.velden

    def read(column: str | None) -> str:
        return tekst(velden.get(column)) if column else ""

    soort = read(columns.soort).lower()
    one = Kandidaat(
        herkomst=f"{feature.bestand}, nr. {feature.nummer}",
        naam=read(columns.naam),
        code=read(columns.code),
        gemeente=normal_gemeente_code(read(columns.gemeente_code)),
        gemeente_naam=read(columns.gemeente_naam),
        soort=soort if soort in list(KernSoort) else None,
        vorm=feature.geom,
        hart=_given_heart(feature, columns),
        hersteld=list(feature.hersteld),
        reden=feature.reden,
    )
    if not one.naam:
        one.refuse("heeft geen naam")
    elif len(one.naam) > 200:
        one.refuse("heeft een naam van meer dan 200 tekens")
    if columns.code is not None and not one.code:
        one.refuse("heeft geen code")
    elif len(one.code) > 40:
        one.refuse("heeft een code van meer dan 40 tekens")
    return one


def _given_heart(feature: Feature, columns: Kolommen) -> Point | None:
    for pair, in_degrees in ((columns.hart_rd, False), (columns.hart_wgs84, True)):
        values = [feature.velden.get(name) for name in pair or ()]
        numbers = [value for value in values if isinstance(value, int | float)]
        if len(numbers) == 2:
            point = Point(numbers)
            return to_rd(point) if in_degrees else point
    return None


@dataclass(frozen=True)
class BekendeKern:
    """A stored kern, as far as an import needs it."""

    gemeente: str
    code: str
    naam: str
    grens: BaseGeometry


@dataclass(frozen=True)
class _Bekend:
    """What is stored of the gemeenten that an import is about."""

    kernen: tuple[BekendeKern, ...]
    gemeentegrenzen: dict[str, BaseGeometry]

    @classmethod
    def read(cls, session: Session, gemeenten: set[str | None]) -> "_Bekend":
        codes = [code for code in gemeenten if code]
        kernen = session.execute(
            select(Gemeente.code, Kern.code, Kern.naam, Kern.grens)
            .join(Kern.gemeente)
            .where(Gemeente.code.in_(codes))
            .order_by(Kern.id)
        )
        outlines = session.execute(
            select(Gemeente.code, Gemeente.grens).where(
                Gemeente.code.in_(codes), Gemeente.grens.is_not(None)
            )
        )
        return cls(
            tuple(BekendeKern(*row) for row in kernen),
            {code: grens for code, grens in outlines if grens is not None},
        )

    def kerngrenzen(self) -> dict[str, list[BaseGeometry]]:
        """The boundaries of the stored kernen by gemeente."""
        result: dict[str, list[BaseGeometry]] = {}
        for kern in self.kernen:
            result.setdefault(kern.gemeente, []).append(kern.grens)
        return result

    def give_codes(self, verslag: Verslag, opdracht: Opdracht, *, has_codes: bool) -> None:
        """Take over the code of the stored kern of that name, where the file gives reason to.

        That is: the file has no codes, or ``opdracht.op_naam`` says that names count. A name
        without a stored kern gets its slug as code.
        """
        if has_codes and not opdracht.op_naam:
            return
        codes = {(kern.gemeente, kern.naam.casefold()): kern.code for kern in self.kernen}
        for one in kept(verslag.kandidaten):
            found = codes.get((str(one.gemeente), one.naam.casefold()))
            one.code = found or one.code or slugify(one.naam)[:40]
        if not has_codes:
            verslag.opmerkingen.append(
                "Geen kolom met een code herkend: kernen worden teruggevonden op hun naam."
            )

    def refuse_taken_names(self, kandidaten: Iterable[Kandidaat]) -> None:
        """Refuse names that a stored kern has which this import does not bring."""
        rows = kept(kandidaten)
        brought = {(one.gemeente, one.code) for one in rows}
        taken = {
            (kern.gemeente, kern.naam.casefold()): kern.code
            for kern in self.kernen
            if (kern.gemeente, kern.code) not in brought
        }
        for one in rows:
            code = taken.get((str(one.gemeente), one.naam.casefold()))
            if code is not None:
                one.refuse(
                    f"er is in {one.gemeente} al een kern met deze naam, met code {code} in plaats "
                    f"van {one.code}; is het dezelfde, geef dan --op-naam"
                )

    def not_in(self, kandidaten: Iterable[Kandidaat]) -> list[BekendeKern]:
        """The stored kernen that stay as they are because the file does not bring them."""
        brought = {(one.gemeente, one.code) for one in kept(kandidaten)}
        return [kern for kern in self.kernen if (kern.gemeente, kern.code) not in brought]


def _untouched(anderen: Sequence[BekendeKern]) -> str:
    names = [kern.naam for kern in anderen]
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return f"Niet in dit bestand, en gebleven zoals het was: {len(names)} ({shown})."
