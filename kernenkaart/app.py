"""Assemble the application: settings, database, login, errors, blueprints, commands."""

from flask import Flask

from kernenkaart import cli, db, health
from kernenkaart.activiteiten import foto_views as activiteiten_foto
from kernenkaart.activiteiten import invoer_views as activiteiten_invoer
from kernenkaart.activiteiten import reeks_views as activiteiten_reeks
from kernenkaart.activiteiten import seizoen_views as activiteiten_seizoen
from kernenkaart.activiteiten import views as activiteiten
from kernenkaart.activiteiten import weer_views as activiteiten_weer
from kernenkaart.activiteiten.herkomst import init_herkomst
from kernenkaart.activiteiten.volgers import init_volgers
from kernenkaart.afstemming import botsing_views as botsingen
from kernenkaart.afstemming import koppel_views as afstemming_koppel
from kernenkaart.afstemming import planning_views as afstemming_planning
from kernenkaart.afstemming import startcheck_views as afstemming_startcheck
from kernenkaart.afstemming.vuil import init_vuil
from kernenkaart.beelden import views as beelden
from kernenkaart.beheer import views as beheer
from kernenkaart.config import ROOT, Settings
from kernenkaart.feeds import paginas as feeds_paginas
from kernenkaart.feeds import views as feeds
from kernenkaart.initiatieven import invoer_views as initiatieven_invoer
from kernenkaart.initiatieven import views as initiatieven
from kernenkaart.insluiten import views as insluiten
from kernenkaart.inzendingen import modereer_views as modereren
from kernenkaart.inzendingen import views as inzendingen
from kernenkaart.kaart import views as kaart
from kernenkaart.kaart.adres import find_adres
from kernenkaart.kalender import views as kalender
from kernenkaart.kalenderbronnen import views as kalenderbronnen
from kernenkaart.kalenderbronnen.queries import find_bron_of
from kernenkaart.kernen.adres import init_adres
from kernenkaart.labels.templating import init_labels
from kernenkaart.lezen import make_lezer
from kernenkaart.migrations.models import load_models
from kernenkaart.ogc import queryables, queryables_views, schrijven, schrijven_openapi
from kernenkaart.ogc import views as ogc
from kernenkaart.portaal import die_dag, kernen, lijsten, mijn, paginas, raakt
from kernenkaart.projecten import views as projecten
from kernenkaart.samenhang import behoeften_views
from kernenkaart.samenhang import views as samenhang
from kernenkaart.tegels import ogc_views as tegels_ogc
from kernenkaart.tegels import openapi as tegels_openapi
from kernenkaart.tegels import views as tegels
from kernenkaart.toegang import account, sleutel_views
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.login import init_login
from kernenkaart.uitvoer import views as uitvoer
from kernenkaart.volgen import views as volgen
from kernenkaart.volgen.hoorders import count_hoorders
from kernenkaart.web.api import ApiDeel, init_api
from kernenkaart.web.assets import init_assets
from kernenkaart.web.errors import init_errors
from kernenkaart.web.security import init_security
from kernenkaart.web.templating import init_templating
from kernenkaart.werkbronnen import views as werkbronnen
from kernenkaart.werkzaamheden import invoer_views as werkzaamheden_invoer
from kernenkaart.werkzaamheden import nabij
from kernenkaart.werkzaamheden import views as werkzaamheden

MB = 1_000_000
TEKST_MAX = 2 * MB

BLUEPRINTS = (
    health.bp,
    account.bp,
    afstemming_koppel.bp,
    afstemming_planning.bp,
    afstemming_startcheck.bp,
    botsingen.bp,
    beelden.bp,
    beheer.bp,
    insluiten.bp,
    kaart.bp,
    activiteiten.bp,
    activiteiten_foto.bp,
    activiteiten_invoer.bp,
    activiteiten_reeks.bp,
    activiteiten_seizoen.bp,
    activiteiten_weer.bp,
    feeds.bp,
    feeds_paginas.bp,
    initiatieven.bp,
    initiatieven_invoer.bp,
    inzendingen.bp,
    modereren.bp,
    behoeften_views.bp,
    kalender.bp,
    kalenderbronnen.bp,
    die_dag.bp,
    kernen.bp,
    lijsten.bp,
    mijn.bp,
    ogc.bp,
    paginas.bp,
    projecten.bp,
    queryables_views.bp,
    raakt.bp,
    samenhang.bp,
    schrijven.bp,
    sleutel_views.bp,
    tegels.bp,
    tegels_ogc.bp,
    uitvoer.bp,
    volgen.bp,
    werkbronnen.bp,
    werkzaamheden.bp,
    werkzaamheden_invoer.bp,
    nabij.bp,
)
API_DELEN: tuple[ApiDeel, ...] = (queryables.DEEL, schrijven_openapi.DEEL, tegels_openapi.DEEL)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready to serve.

    Args:
        settings: None reads them from the environment.
    """
    settings = settings or Settings.from_env()
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=None, root_path=str(ROOT)
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # a file of just the size that is allowed comes with all the texts of its form
        MAX_CONTENT_LENGTH=settings.upload_max_mb * MB + TEKST_MAX,
        MAX_FORM_MEMORY_SIZE=TEKST_MAX,
        MAX_FORM_PARTS=2000,
    )
    app.extensions["kernenkaart.settings"] = settings
    load_models()
    db.init_db(app, settings)
    init_vuil()
    app.extensions["kernenkaart.lezer"] = make_lezer(settings)
    init_security(app, settings)
    init_errors(app)
    init_api(app, API_DELEN)
    init_assets(app, settings)
    init_templating(app, settings, current_actor)
    init_labels(app)
    init_login(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_adres(app, find_adres)
    init_herkomst(app, find_bron_of)
    init_volgers(app, count_hoorders)
    cli.init_commands(app)
    return app
