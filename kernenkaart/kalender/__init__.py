"""The calendar to look at: month, week, list and year of a kern or of all, and a year on paper."""
