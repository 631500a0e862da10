"""What tests of forms share: filling in, reading a page as a browser does, sharp texts."""

import html
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from shapely.geometry import MultiPolygon, box
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort
from kernenkaart.initiatieven.models import Initiatief
from kernenkaart.lezen import Lezer
from kernenkaart.platforms.models import Platform
from kernenkaart.werkzaamheden.models import WerkzaamheidSoort
from tests.factories import X, Y, make_kern, make_organisatie

T = TypeVar("T", Activiteit, Initiatief)

WERK_LIJN = f"LINESTRING({X + 10} {Y + 10},{X + 90} {Y + 10})"

# what must come out literally (T3, D4)
SCHERP = (
    "{{7*7}}",
    "{% if x %}",
    "{# niets #}",
    "${1+1}",
    "`x`",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a & b < c",
)


def filled_activiteit(session: Session, platform: Platform, **velden: Any) -> dict[str, Any]:
    """The form of an activity, filled in well and ready to be placed, but for ``velden``."""
    soort = session.scalars(select(ActiviteitSoort.id).order_by(ActiviteitSoort.volgorde)).first()
    return {
        "titel": "Boekenmarkt",
        "soort": soort,
        "datum": "12-06-2027",
        "van": "10.00",
        "tot": "16.00",
        "plek": "Raadhuisplein",
        "kern": platform.kernen[0].id,
        "omschrijving": "Veertig kramen.\nEn koffie.",
        "sleutel": str(uuid.uuid4()),
        "actie": "plaats",
    } | velden


def filled_werk(session: Session, **velden: object) -> dict[str, object]:
    """The form of a work in a kern of its own, filled in well, but for ``velden``."""
    make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]), naam="Proefdorp")
    return {
        "actie": "plaats",
        "sleutel": str(uuid.uuid4()),
        "titel": "Nieuw riool in de Nieuwsteeg",
        "organisatie": make_organisatie(session).id,
        "soort": session.scalars(select(WerkzaamheidSoort.id)).first(),
        "eerste_dag": "07-06-2027",
        "laatste_dag": "02-07-2027",
        "status": "verwacht",
        "plek": "Nieuwsteeg",
        "vorm": WERK_LIJN,
        "hinder": "afgesloten",
        "hinder_kort": "Afgesloten voor auto's",
        "hinderregels-wie": ["Auto's", "Fietsers", ""],
        "hinderregels-niveau": ["afgesloten", "beperkt", "geen"],
        "hinderregels-tekst": ["Dag en nacht.", "Soms even afstappen.", ""],
        "openbaar": "y",
    } | velden


def posted(session: Session, model: type[T]) -> list[T]:
    """All that is stored of ``model``, read anew, in the order in which it came."""
    session.expire_all()
    return list(session.scalars(select(model).order_by(model.id)))


def hidden(text: str, naam: str) -> str:
    found = re.search(rf'name="{naam}"[^>]*value="([^"]*)"', text) or re.search(
        rf'value="([^"]*)"[^>]*name="{naam}"', text
    )
    assert found, naam
    return html.unescape(found[1])


def chosen(text: str, naam: str) -> str:
    """The value of the option that is chosen in a list of the page."""
    found = re.search(rf'<select[^>]*name="{naam}".*?</select>', text, re.S)
    assert found, naam
    option = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', found[0]) or re.search(
        r'<option[^>]*value="([^"]*)"[^>]*selected', found[0]
    )
    return html.unescape(option[1]) if option else ""


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The SQL statements that are sent meanwhile."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    def read(lezer: Lezer, statement: str, *rest: Any) -> Any:
        statements.append(statement)
        return ask(lezer, statement, *rest)

    engine, ask = session.get_bind().engine, Lezer._execute
    event.listen(engine, "before_cursor_execute", count)
    Lezer._execute = read  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        Lezer._execute = ask  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", count)
