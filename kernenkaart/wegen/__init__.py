"""The road network: where a road is, what it meets, and who is cut off when it is closed."""
