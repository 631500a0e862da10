"""Geo files from outside: opened in a child process with limits, handed over as plain values.

``lezen.read_geobestand`` is the only door. Everything below it runs in the child: ``archief``
unpacks, ``geojson`` and ``ogr`` read, ``stelsel`` brings all to RD.
"""
