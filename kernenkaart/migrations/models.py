"""Every module that declares a table; a test refuses one that is missing here."""

from importlib import import_module

MODULES = (
    "kernenkaart.journaal.models",
    "kernenkaart.labels.models",
    "kernenkaart.post.models",
    "kernenkaart.toegang.models",
    "kernenkaart.kernen.models",
    "kernenkaart.wegen.models",
    "kernenkaart.organisaties.models",
    "kernenkaart.platforms.models",
    "kernenkaart.zalen.models",
    "kernenkaart.beelden.models",
    "kernenkaart.activiteiten.models",
    "kernenkaart.werkzaamheden.models",
    "kernenkaart.projecten.models",
    "kernenkaart.initiatieven.models",
    "kernenkaart.samenhang.models",
    "kernenkaart.afstemming.vuil",
    "kernenkaart.afstemming.koppel_models",
    "kernenkaart.afstemming.botsing_models",
    "kernenkaart.afstemming.startcheck_models",
    "kernenkaart.inzendingen.models",
    "kernenkaart.kalenderbronnen.models",
    "kernenkaart.werkbronnen.models",
    "kernenkaart.volgen.models",
    "kernenkaart.tegels.models",
)


def load_models() -> None:
    """Import all models, so that the metadata is complete."""
    for module in MODULES:
        import_module(module)
