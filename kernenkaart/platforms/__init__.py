"""Groups of residents: kinds, kernen, mutual relations, contact of a role."""
