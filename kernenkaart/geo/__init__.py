"""Geometry: coordinate systems, the column type, GeoJSON, the reach of RD and map layers."""
