"""Filters in CQL2 (OGC 21-065r2): text or JSON, to nodes, to a condition in SQL.

A filter is what a stranger sends, so it is never handed to another parser or to the database as it
is: its size and depth are capped before anything reads it, our own walk knows the listed operators
and functions only, properties are those of the layer and every literal is bound.
"""
