"""Take a calendar over: each change through the services of activities. The caller commits."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import services as activiteiten
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Status
from kernenkaart.activiteiten.queries import find_bekende_plekken, find_soorten
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.geo.crs import to_rd
from kernenkaart.kalenderbronnen.items import Inhoud, Item, Zekerheid
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Keuze
from kernenkaart.kalenderbronnen.policy import actor_of
from kernenkaart.kalenderbronnen.vergelijken import Paar, Vergelijking, compare
from kernenkaart.kalenderbronnen.verslag import Verslag, group
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plek import Plek, find_kern_of
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.queries import find_zalen_in


@dataclass
class Omzetter:
    """Makes of an item what the form of an activity would have made."""

    session: Session
    bron: Kalenderbron
    marge_m: float

    @cached_property
    def soorten(self) -> dict[str, int]:
        """The keys of the kinds by name in small letters."""
        return {naam.lower(): key for key, naam in find_soorten(self.session, self.bron.soort_id)}

    @cached_property
    def plekken(self) -> dict[str, Point]:
        """Where the named places of the platform lie (RD)."""
        return find_bekende_plekken(self.session, self.bron.platform_id)

    @cached_property
    def zalen(self) -> dict[str, Zaal]:
        """The halls of the kern by name in small letters."""
        return find_zalen_in(self.session, self.bron.kern_id)

    def to_gegevens(self, item: Item) -> ActiviteitGegevens:
        """The values of an activity."""
        zaal = self.zalen.get(item.plek.lower())
        named = (self.soorten.get(naam.lower()) for naam in item.soorten)
        return ActiviteitGegevens(
            titel=item.titel,
            soort_id=next((key for key in named if key is not None), self.bron.soort_id),
            omschrijving=item.omschrijving,
            begint_op=item.begint_op,
            eindigt_op=item.eindigt_op,
            hele_dag=item.hele_dag,
            plek=self._plek(item),
            zaal_id=zaal.id if zaal else None,
        )

    def _plek(self, item: Item) -> Plek:
        """Where the calendar says, else where the platform was before, else in its kern."""
        punten = [self.plekken.get(item.plek.lower())]
        if item.lonlat:
            punten.insert(0, to_rd(Point(*item.lonlat)))
        for punt in punten:
            plek = Plek(punt=punt, naam=item.plek)
            if punt is not None and find_kern_of(self.session, plek, marge_m=self.marge_m):
                return plek
        return Plek(kern_id=self.bron.kern_id, naam=item.plek)


def take_over(
    session: Session,
    bron: Kalenderbron,
    inhoud: Inhoud,
    nu: datetime,
    *,
    marge_m: float,
    keuzes: Mapping[str, Keuze] | None = None,
) -> Verslag:
    """Bring ours in step with a calendar: all of it, or nothing when this raises.

    The caller holds ``bron``. Doing it again changes nothing.

    Args:
        nu: what has begun by then and is no longer in the calendar, stays.
        marge_m: how far a place may lie outside every kern, metres.
        keuzes: what to do with what is doubtful, by ``Item.sleutel``; the rest is asked.

    Raises:
        NotFound, NotAllowed, Invalid, Conflict: as the services of activities do.
    """
    found = compare(session, bron, inhoud, nu)
    taken = _Overname(session, bron, Omzetter(session, bron, marge_m), nu)
    # a session forgets what nobody holds, and would ask for these again for every entry
    held = [session.get(Kern, bron.kern_id), *session.scalars(select(ActiviteitSoort))]
    doubtful, asked = taken.decide(found, keuzes or {})
    nieuw = [*found.nieuw, *doubtful]
    taken.post(found, nieuw)
    for pair in found.veranderd:
        taken.change(pair)
    for pair in (*found.gelijk, *found.eigen, *found.overgeslagen):
        known = pair.rij.afdruk
        _remember(pair.rij, pair.item)
        pair.rij.afdruk = known
    for row in found.weg:
        taken.withdraw(row)
    for row in found.eigen_weg:
        row.weg_op = nu
    for row in found.vervallen:
        session.delete(row)
    session.flush()
    del held
    return Verslag(
        nieuw=len(nieuw),
        veranderd=len(found.veranderd),
        weg=len(found.weg),
        eigen=len(found.eigen) + len(found.eigen_weg),
        twijfel=asked,
        gelijk=len(found.gelijk),
        overgeslagen=len(found.overgeslagen) + len(found.twijfel) - len(doubtful) - asked,
        opmerkingen=group(inhoud.klachten),
    )


@dataclass
class _Overname:
    session: Session
    bron: Kalenderbron
    omzetter: Omzetter
    nu: datetime

    def decide(self, found: Vergelijking, keuzes: Mapping[str, Keuze]) -> tuple[list[Item], int]:
        """What of the doubtful is taken, and how many wait for a choice; the rest is skipped."""
        taken, asked = [], 0
        for twijfel in found.twijfel:
            keuze = keuzes.get(twijfel.item.sleutel, Keuze.VRAAG)
            if keuze is Keuze.NEEM:
                taken.append(twijfel.item)
                continue
            asked += keuze is Keuze.VRAAG
            row = self.row_of(found, twijfel.item)
            row.keuze, row.lijkt_op_id = keuze, twijfel.lijkt_op.id
        return taken, asked

    def row_of(self, found: Vergelijking, item: Item) -> Bronitem:
        """The row of something new; it may have been doubtful before."""
        row = found.vragen.get(item.sleutel) or Bronitem(bron_id=self.bron.id)
        _remember(row, item)
        self.session.add(row)
        return row

    def post(self, found: Vergelijking, items: list[Item]) -> None:
        """Put new things in the calendar, in a few statements."""
        gegevens = {uuid.uuid4(): (item, self.omzetter.to_gegevens(item)) for item in items}
        activiteiten.post_seizoen(
            self.session,
            actor_of(self.bron),
            self.bron.platform_id,
            {sleutel: values for sleutel, (_, values) in gegevens.items()},
            marge_m=self.omzetter.marge_m,
        )
        posted = self.session.scalars(select(Activiteit).where(Activiteit.sleutel.in_(gegevens)))
        for activiteit in posted:
            assert activiteit.sleutel is not None  # noqa: S101  # it was found by it
            item, _ = gegevens[activiteit.sleutel]
            row = self.row_of(found, item)
            row.keuze, row.lijkt_op_id, row.activiteit_id = Keuze.NEEM, None, activiteit.id
            self._settle(activiteit, item)
            row.activiteit_versie = activiteit.versie

    def change(self, pair: Paar) -> None:
        """Let an activity follow its entry."""
        row, actor = pair.rij, actor_of(self.bron)
        assert row.activiteit_id is not None  # noqa: S101  # it was compared
        activiteit = activiteiten.lock(self.session, actor, row.activiteit_id)
        if activiteit.status is Status.INGETROKKEN:  # the calendar has it again
            activiteiten.restore(self.session, actor, row.activiteit_id)
        activiteit = activiteiten.change_activiteit(
            self.session,
            actor,
            row.activiteit_id,
            self.omzetter.to_gegevens(pair.item),
            versie=activiteit.versie,
            plaats=False,
            marge_m=self.omzetter.marge_m,
        )
        self._settle(activiteit, pair.item)
        row.weg_op = None
        _remember(row, pair.item)
        row.activiteit_versie = activiteit.versie

    def _settle(self, activiteit: Activiteit, item: Item) -> None:
        """Give an activity the status that its entry has."""
        actor, key = actor_of(self.bron), activiteit.id
        if item.zekerheid is Zekerheid.AFGELAST:
            if activiteit.status is not Status.AFGELAST:
                reden = f"Zo staat het in de agenda van {self.bron.naam}."
                activiteiten.call_off(self.session, actor, key, reden)
            return
        if activiteit.status is Status.AFGELAST:
            activiteiten.resume(self.session, actor, key)
        if item.zekerheid is Zekerheid.ONZEKER and activiteit.status is Status.GEPUBLICEERD:
            activiteiten.expect(self.session, actor, key)
        elif item.zekerheid is Zekerheid.ZEKER and activiteit.status is Status.VERWACHT:
            activiteiten.confirm(self.session, actor, key)

    def withdraw(self, row: Bronitem) -> None:
        """Take away what the calendar no longer has."""
        assert row.activiteit_id is not None  # noqa: S101  # it was compared
        activiteit = activiteiten.withdraw(self.session, actor_of(self.bron), row.activiteit_id)
        row.weg_op, row.activiteit_versie = self.nu, activiteit.versie


def _remember(row: Bronitem, item: Item) -> None:
    row.sleutel, row.reeks, row.afdruk = item.sleutel, item.reeks, item.afdruk
    row.titel, row.begint_op = item.titel, item.begint_op
