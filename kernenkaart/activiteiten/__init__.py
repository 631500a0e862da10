"""What a kern does: the entries of its calendar."""
