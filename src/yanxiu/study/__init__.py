"""Wing: the hot path. Beats come in, the ledger keeps them, the digest turns them into credit cells."""
