"""Sessions kept by the server: a row that can be ended at once, and a cookie with its key.

There is a row only for somebody who is logged in or on the way to it; a visitor has no cookie.
Reading is lazy: a page that asks nothing about the visitor asks the database nothing.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker, Sessie
from kernenkaart.toegang.queries import Aanmelding, find_aanmelding
from kernenkaart.toegang.sessies import LONG, LONG_FOR, begin_sessie, expiry, key_of

log = logging.getLogger(__name__)

WHO = "_user_id"  # flask-login's key
PENDING = "wacht_op"  # id of the account whose second step is still to come
SEEN_EVERY = timedelta(minutes=1)


class ServerSession(SessionMixin):
    """What Flask calls the session, read from its row on first use.

    Args:
        cookie: what the browser sent; empty for none.
    """

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self.modified = False
        self.accessed = False
        self.rotated = False
        self._aanmelding: Aanmelding | None = None
        self._data: dict[str, Any] | None = {} if not cookie else None

    @property
    def binding(self) -> str:
        """What the tokens of forms are bound to; empty without a cookie."""
        return key_of(self.cookie).hex()[:32] if self.cookie else ""

    @property
    def aanmelding(self) -> Aanmelding | None:
        """The row and its account, as they were when this request began; None for a visitor."""
        self._read()
        return self._aanmelding

    def rotate(self) -> None:
        """Go on under a new key: the old cookie is worth nothing from now on."""
        self.rotated = self.modified = True

    def _read(self) -> dict[str, Any]:
        self.accessed = True
        if self._data is None:
            self._data = {}  # when the database is away the error page must not ask it again
            found = find_aanmelding(db.session(), key_of(self.cookie), now())
            self._aanmelding = found
            if found is not None:
                self._data = dict(found.gegevens)
                if found.gebruiker is not None:
                    self._data[WHO] = str(found.gebruiker.id)
        return self._data

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._read()[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self._read()[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class DatabaseSessions(SessionInterface):
    """Opens and keeps sessions in the table ``sessie``."""

    def __init__(self, settings: Settings) -> None:
        self.secure = settings.veilige_cookies
        self.cookie_name = "__Host-sessie" if self.secure else "sessie"
        self.idle = timedelta(minutes=settings.sessie_idle_min)

    def open_session(self, app: Flask, request: Request) -> ServerSession:  # noqa: ARG002
        """The session of this request; nothing is asked yet."""
        return ServerSession(request.cookies.get(self.cookie_name, ""))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Write what changed, after the view and apart from what that did."""
        if not isinstance(session, ServerSession) or not session.accessed:
            return
        response.vary.add("Cookie")
        if not (WHO in session or PENDING in session):
            self._end(session, response)
        elif session.rotated or (session.modified and session.aanmelding is None):
            self._begin(session, response)
        elif session.modified:
            self._update(session, gegevens=_to_store(session))
        elif session.aanmelding and now() - session.aanmelding.gezien_op > SEEN_EVERY:
            try:
                self._update(session)
            except SQLAlchemyError:  # the page was made; when it was seen can wait
                log.warning("could not note when a session was seen", exc_info=True)

    def _end(self, session: ServerSession, response: Response) -> None:
        if session.aanmelding is None:
            return  # an unknown cookie stays: a newer one may be on its way in another answer
        with writing() as transaction:
            transaction.execute(delete(Sessie).where(Sessie.id == session.aanmelding.sleutel))
        response.delete_cookie(self.cookie_name, secure=self.secure, httponly=True, samesite="Lax")

    def _begin(self, session: ServerSession, response: Response) -> None:
        cookie = secrets.token_urlsafe(32)
        with writing() as transaction:
            if session.aanmelding is not None:
                transaction.execute(delete(Sessie).where(Sessie.id == session.aanmelding.sleutel))
            gebruiker = transaction.get(Gebruiker, int(session[WHO])) if WHO in session else None
            begin_sessie(
                transaction,
                cookie,
                gebruiker,
                idle=self.idle,
                apparaat=request.user_agent.string,
                gegevens=_to_store(session),
            )
        response.set_cookie(
            self.cookie_name,
            cookie,
            max_age=LONG_FOR if session.get(LONG) else None,
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def _update(self, session: ServerSession, **values: Any) -> None:
        found = session.aanmelding
        if found is None:
            return
        until = expiry(
            found.gebruiker,
            found.begonnen_op,
            onthoud=bool(session.get(LONG)),
            idle=self.idle,
        )
        with writing() as transaction:
            transaction.execute(
                update(Sessie)
                .where(Sessie.id == found.sleutel)
                .values(gezien_op=now(), verloopt_op=until, **values)
            )


@contextmanager
def writing() -> Iterator[Session]:
    """The session of this request, once the view is done with it; commits at the end."""
    session = db.session()
    session.rollback()  # what the view did not commit it has given up
    yield session
    session.commit()


def _to_store(session: ServerSession) -> dict[str, Any]:
    return {name: value for name, value in session.items() if name != WHO}
