"""Who digs: gemeente, waterschap, provincie, netbeheerder and others."""
