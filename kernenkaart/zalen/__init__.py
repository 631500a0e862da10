"""Halls and other rooms that people meet in: a thing that one can pick."""
