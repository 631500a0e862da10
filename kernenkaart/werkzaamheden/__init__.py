"""What will be dug up: works with place, days and hinder."""
