"""Whole layers to take along, and the catalogue that tells others what there is."""
