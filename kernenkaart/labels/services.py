"""Change a word."""

from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed, NotFound
from kernenkaart.labels.models import Label
from kernenkaart.labels.queries import forget
from kernenkaart.labels.standaard import STANDAARD

LENGTE_MAX = 60


def set_label(session: Session, actor: Actor, lijst: str, code: str, tekst: str) -> None:
    """Give a code its own word; an empty text brings the standard word back. The caller commits.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        NotFound: if there is no such list or code.
        Invalid: if the word is too long.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    if code not in STANDAARD.get(lijst, {}):
        raise NotFound("Deze lijst of code bestaat niet.")
    tekst = " ".join(tekst.split())
    if len(tekst) > LENGTE_MAX:
        raise Invalid(f"Gebruik hoogstens {LENGTE_MAX} tekens.", veld=code)
    row = session.get(Label, (lijst, code))
    if tekst in ("", STANDAARD[lijst][code]):
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(Label(lijst=lijst, code=code, tekst=tekst))
    else:
        row.tekst = tekst
    session.flush()
    forget()
