"""``flask afstemming``: look at everything again when the rules have changed, and what waits."""

import click
from flask.cli import AppGroup

from kernenkaart import db
from kernenkaart.afstemming.vuil import count_waiting, find_failed, look_again, mark_all

afstemming = AppGroup("afstemming", help="Werk en activiteiten op elkaar afstemmen.")


@afstemming.command("herbereken")
def herbereken() -> None:
    """Reken alles na; doe dit na een verandering in geodata/afstemming.toml."""
    session = db.session()
    mark_all(session)
    session.commit()
    gedaan = 0
    while aantal := look_again(session):
        session.commit()
        gedaan += aantal
    click.echo(f"{gedaan} dingen nagekeken.")


@afstemming.command("stand")
def stand() -> None:
    """Toon wat nog nagekeken moet worden, en wat steeds misgaat."""
    session = db.session()
    click.echo(f"{count_waiting(session)} veranderingen wachten.")
    for vuil in find_failed(session):
        click.echo(
            f"{vuil.laag} {vuil.ding_id}: {vuil.pogingen} keer mislukt, opnieuw na "
            f"{vuil.straks:%d-%m-%Y %H:%M} UTC. {vuil.fout}"
        )
