"""What takes years: dijkverzwaring, woningbouw."""
