"""What residents start."""
