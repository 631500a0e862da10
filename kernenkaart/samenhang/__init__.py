"""What lies between features: telling an owner that something is wrong."""
