"""De digitale kernenkaart: what goes on in each kern, on a map and in a list.

The package is a house; imports only go down. From the top:

    app, cli, migrations              assemble; nobody imports them
    portaal kaart tegels ogc uitvoer beheer    ways out: combine features, own no tables
    lagen                             the tuple of all map layers
    samenhang                         what lies between features
    activiteiten werkzaamheden projecten initiatieven     features, independent of one another
    platforms, organisaties           who posts
    kernen                            where
    toegang, post, taken              who logs in; outgoing e-mail; jobs
    web                               HTTP helpers (Flask)
    journaal, db                      who changed what and when; engine, Model, session
    geo                               CRS, column type, Laag
    actor, tijd                       values
    errors, config                    the ground
"""
