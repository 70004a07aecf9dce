"""Wing: who. Persons, accounts, organisations, the region tree and region roles, sign-in."""
