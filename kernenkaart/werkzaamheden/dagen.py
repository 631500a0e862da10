"""Whether the days of a work fit together, as a form and a service both ask."""

from datetime import date, timedelta

from kernenkaart.errors import Invalid

DAGEN_MAX = 3660


def check_dagen(
    eerste_dag: date,
    laatste_dag: date,
    *,
    duur_dagen: int | None,
    vroegst: date | None,
    laatst: date | None,
) -> None:
    """Look whether the days of a work, its length and how far it can move fit together.

    Raises:
        Invalid: if they do not, beside the field to change.
    """
    if laatste_dag < eerste_dag:
        raise Invalid("De laatste dag ligt vóór de eerste dag.", veld="laatste_dag")
    dagen = (laatste_dag - eerste_dag).days + 1
    if dagen > DAGEN_MAX:
        raise Invalid(
            "Dit duurt langer dan tien jaar. Maak er een project van.", veld="laatste_dag"
        )
    if duur_dagen is not None and duur_dagen > dagen:
        raise Invalid(f"Tussen deze dagen is maar plaats voor {dagen} dagen.", veld="duur")
    if vroegst is not None and vroegst > eerste_dag:
        raise Invalid("Dit ligt na de eerste dag. Maak het vroeger of laat het leeg.", "vroegst")
    if laatst is not None and laatst < laatste_dag:
        raise Invalid("Dit ligt vóór de laatste dag. Maak het later of laat het leeg.", "laatst")
    if (laatst or laatste_dag) - (vroegst or eerste_dag) > timedelta(days=2 * DAGEN_MAX):
        raise Invalid("Dit is te ver weg. Kijk het jaar na.", "laatst" if laatst else "vroegst")
