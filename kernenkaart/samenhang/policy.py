"""Whose a remark about something on the map is."""

from sqlalchemy import ColumnElement, false, or_, true

from kernenkaart.actor import Actor, Rol
from kernenkaart.geo.laag import Laag

# who owns the things of a layer: the column that says so
EIGENAAR = {
    "activiteiten": "platform_id",
    "initiatieven": "platform_id",
    "werkzaamheden": "organisatie_id",
    "projecten": "organisatie_id",
}


def addressed_to(actor: Actor, laag: Laag) -> ColumnElement[bool]:
    """The things of ``laag`` whose remarks ``actor`` answers.

    Those of the own platforms, for whoever plans works those of the own organisation, for a
    gebiedsmakelaar all in the own kernen, and for a beheerder everything.
    """
    if actor.is_beheerder:
        return true()
    kolom = laag.bron.c[f"{laag.ding}_{EIGENAAR[laag.naam]}"]
    rules: list[ColumnElement[bool]] = [false()]
    if EIGENAAR[laag.naam] == "platform_id":
        if actor.platform_ids:
            rules.append(kolom.in_(sorted(actor.platform_ids)))
    elif actor.organisatie_id is not None and actor.rol in {Rol.MEDEWERKER, Rol.KETENPARTNER}:
        rules.append(kolom == actor.organisatie_id)
    if actor.kern_ids:
        rules.append(laag.kolommen.kern_id.in_(sorted(actor.kern_ids)))
    return or_(*rules)
