"""Whose a remark about something on the map is."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from kernenkaart.actor import Actor, Rol
from kernenkaart.geo.laag import Laag
from kernenkaart.samenhang.models import Aard, Wijzigingsverzoek

# who owns the things of a layer: the column that says so
EIGENAAR = {
    "activiteiten": "platform_id",
    "initiatieven": "platform_id",
    "werkzaamheden": "organisatie_id",
    "projecten": "organisatie_id",
}


def addressed_to(actor: Actor, laag: Laag) -> ColumnElement[bool]:
    """The open remarks about things of ``laag`` that ``actor`` answers, as a condition.

    Those about misuse are never for the owner: only who serves the kern and beheerders read them.
    """
    return or_(
        _watches(actor, laag),
        and_(Wijzigingsverzoek.aard == Aard.WIJZIGING, _owns(actor, laag)),
    )


def _watches(actor: Actor, laag: Laag) -> ColumnElement[bool]:
    if actor.is_beheerder:
        return true()
    return laag.kolommen.kern_id.in_(sorted(actor.kern_ids)) if actor.kern_ids else false()


def _owns(actor: Actor, laag: Laag) -> ColumnElement[bool]:
    """The things of the own groups, and of the own organisation for whoever plans works."""
    kolom = laag.bron.c[f"{laag.ding}_{EIGENAAR[laag.naam]}"]
    if EIGENAAR[laag.naam] == "platform_id":
        return kolom.in_(sorted(actor.platform_ids)) if actor.platform_ids else false()
    if actor.organisatie_id is not None and actor.rol in {Rol.MEDEWERKER, Rol.KETENPARTNER}:
        return kolom == actor.organisatie_id
    return false()
