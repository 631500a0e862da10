"""``flask afstemming``: look at everything again, when the rules have changed."""

import click
from flask.cli import AppGroup

from kernenkaart import db
from kernenkaart.afstemming.vuil import look_again, mark_all

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
