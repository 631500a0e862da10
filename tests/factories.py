"""Rows that are valid as they are; a test names only what it is about."""

import itertools
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from shapely.geometry import LineString, MultiPolygon, Point, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Reeks
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.afstemming.startcheck_models import StartcheckVrijstelling
from kernenkaart.db import Model
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort
from kernenkaart.platforms.models import Platform, PlatformSoort
from kernenkaart.projecten.models import Project, ProjectSoort
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.tijd import AMSTERDAM, today
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap, Toewijzing
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidSoort
from kernenkaart.zalen.models import Zaal

M = TypeVar("M", bound=Model)
numbers = itertools.count(1)

# a square kilometre in the middle of the country, RD metres
X, Y = 140_000.0, 430_000.0


def add(session: Session, row: M) -> M:
    """Put a row in and give it its id."""
    session.add(row)
    session.flush()
    return row


def make_gemeente(session: Session, **values: Any) -> Gemeente:
    """The gemeente with this code; the one of the settings unless said otherwise."""
    code = values.pop("code", "GM1960")
    found = session.scalar(select(Gemeente).where(Gemeente.code == code))
    return found or add(session, Gemeente(code=code, **({"naam": f"Gemeente {code}"} | values)))


def make_kern(session: Session, **values: Any) -> Kern:
    """A square kern of 1 km; each next one lies 2 km further east."""
    number = next(numbers)
    x = X + 2_000 * (number % 50)
    grens = values.pop("grens", None) or MultiPolygon([box(x, Y, x + 1_000, Y + 1_000)])
    defaults = {
        "gemeente_id": values.get("gemeente_id") or make_gemeente(session).id,
        "code": f"K{number}",
        "naam": f"Kern {number}",
        "slug": f"kern-{number}",
        "grens": grens,
        "hart": grens.representative_point(),
    }
    return add(session, Kern(**(defaults | values)))


def make_platform(session: Session, **values: Any) -> Platform:
    """A dorpsraad, of a new kern unless ``kernen`` says otherwise."""
    soort = session.scalars(select(PlatformSoort).where(PlatformSoort.code == "dorpsraad")).one()
    kernen = values.pop("kernen", None)
    defaults = {"naam": f"Dorpsraad {next(numbers)}", "soort_id": soort.id}
    platform = Platform(**(defaults | values))
    platform.kernen = kernen if kernen is not None else [make_kern(session)]
    return add(session, platform)


def make_organisatie(session: Session, **values: Any) -> Organisatie:
    """An organisation of kind gemeente."""
    soort = session.scalars(
        select(OrganisatieSoort).where(OrganisatieSoort.code == "gemeente")
    ).one()
    return add(
        session,
        Organisatie(**({"naam": f"Organisatie {next(numbers)}", "soort_id": soort.id} | values)),
    )


def make_gebruiker(session: Session, platform: Platform | None = None, **values: Any) -> Gebruiker:
    """An account: platformlid of ``platform``, or what ``rol`` says."""
    number = next(numbers)
    kernen = values.pop("kernen", ())
    defaults = {
        "naam": f"Gebruiker {number}",
        "email": f"gebruiker{number}@example.org",
        "rol": Rol.PLATFORMLID,
        "active": True,
    }
    gebruiker = add(session, Gebruiker(**(defaults | values)))
    if platform is not None:
        add(session, Lidmaatschap(gebruiker_id=gebruiker.id, platform_id=platform.id))
    for kern in kernen:
        add(session, Toewijzing(gebruiker_id=gebruiker.id, kern_id=kern.id))
    return gebruiker


def moment(dagen: int = 7, uur: int = 10) -> datetime:
    """A moment some days from now, on the hour, in Amsterdam."""
    dag = datetime.now(AMSTERDAM) + timedelta(days=dagen)
    return dag.replace(hour=uur, minute=0, second=0, microsecond=0)


def _soort_id(session: Session, model: Any) -> int:
    return int(session.scalars(select(model.id).order_by(model.volgorde)).first() or 0)


def make_activiteit(session: Session, **values: Any) -> Activiteit:
    """A published activity next week, in the heart of the platform's kern."""
    platform = values.pop("platform", None) or make_platform(session)
    defaults = {
        "platform_id": platform.id,
        "gemeente_id": make_gemeente(session).id,
        "soort_id": _soort_id(session, ActiviteitSoort),
        "titel": f"Boekenmarkt {next(numbers)}",
        "begint_op": moment(7, 10),
        "eindigt_op": moment(7, 16),
        "status": ActiviteitStatus.GEPUBLICEERD,
        "geom": platform.kernen[0].hart if platform.kernen else Point(X, Y),
    }
    return add(session, Activiteit(**(defaults | values)))


def make_verwacht(session: Session, dagen: int = 30, **values: Any) -> Activiteit:
    """A time of a yearly series, so many days from now, that nobody has confirmed yet."""
    platform = values.pop("platform", None) or make_platform(session)
    begin = moment(dagen, 10)
    reeks = add(
        session,
        Reeks(
            platform_id=platform.id,
            gemeente_id=make_gemeente(session).id,
            soort_id=_soort_id(session, ActiviteitSoort),
            titel=values.setdefault("titel", f"Kermis {next(numbers)}"),
            geom=platform.kernen[0].hart,
            regel=f"FREQ=YEARLY;BYMONTH={begin.month};BYMONTHDAY={begin.day}",
            eerste_dag=begin.date(),
            van=begin.time(),
            tot=time(16),
            bevestigen=True,
            uitgewerkt_tot=begin.date(),
        ),
    )
    defaults = {
        "status": ActiviteitStatus.VERWACHT,
        "reeks_id": reeks.id,
        "reeks_dag": begin.date(),
        "begint_op": begin,
        "eindigt_op": begin.replace(hour=16),
    }
    return make_activiteit(session, platform=platform, **(defaults | values))


def make_zaal(session: Session, kern: Kern | None = None, **values: Any) -> Zaal:
    """A dorpshuis, 200 m north of the heart of a kern."""
    kern = kern or make_kern(session)
    defaults = {
        "kern_id": kern.id,
        "naam": f"Dorpshuis {next(numbers)}",
        "geom": Point(kern.hart.x, kern.hart.y + 200),
    }
    return add(session, Zaal(**(defaults | values)))


def make_werkzaamheid(session: Session, **values: Any) -> Werkzaamheid:
    """A confirmed public work next month: a line of 100 m."""
    organisatie = values.pop("organisatie", None) or make_organisatie(session)
    defaults = {
        "organisatie_id": organisatie.id,
        "gemeente_id": make_gemeente(session).id,
        "soort_id": _soort_id(session, WerkzaamheidSoort),
        "titel": f"Nieuw riool {next(numbers)}",
        "eerste_dag": today() + timedelta(days=30),
        "laatste_dag": today() + timedelta(days=40),
        "status": WerkzaamheidStatus.BEVESTIGD,
        "geom": LineString([(X + 100, Y + 100), (X + 200, Y + 100)]),
        "bevestigd_op": today(),
    }
    return add(session, Werkzaamheid(**(defaults | values)))


def make_vrijstelling(session: Session, werk: Werkzaamheid) -> StartcheckVrijstelling:
    """A reason why a work may be confirmed without a startcheck."""
    return add(session, StartcheckVrijstelling(werkzaamheid_id=werk.id, reden="Spoedreparatie."))


def make_project(session: Session, **values: Any) -> Project:
    """A public project in preparation: a square of 100 m."""
    organisatie = values.pop("organisatie", None) or make_organisatie(session)
    defaults = {
        "organisatie_id": organisatie.id,
        "gemeente_id": make_gemeente(session).id,
        "soort_id": _soort_id(session, ProjectSoort),
        "titel": f"Woningen {next(numbers)}",
        "status": ProjectStatus.VOORBEREIDING,
        "geom": box(X + 300, Y + 300, X + 400, Y + 400),
    }
    return add(session, Project(**(defaults | values)))


def make_initiatief(session: Session, **values: Any) -> Initiatief:
    """A running initiative in the heart of the platform's kern."""
    platform = values.pop("platform", None) or make_platform(session)
    defaults = {
        "platform_id": platform.id,
        "gemeente_id": make_gemeente(session).id,
        "soort_id": _soort_id(session, InitiatiefSoort),
        "titel": f"Voedselbos {next(numbers)}",
        "status": InitiatiefStatus.BEZIG,
        "geom": platform.kernen[0].hart if platform.kernen else Point(X, Y),
    }
    return add(session, Initiatief(**(defaults | values)))
