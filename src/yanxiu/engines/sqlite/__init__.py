"""The embedded ledger: one append-only SQLite file, one writer, group commit, FULL."""
