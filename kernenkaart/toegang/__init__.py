"""Who logs in: accounts, memberships, sessions, guards."""
