"""What the kernenkaart costs: ``make bench``. Figures are ratios taken in one run."""
