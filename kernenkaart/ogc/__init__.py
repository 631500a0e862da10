"""The open API: OGC API Features for people and programs, under ``/api/v1``."""
