"""On the way into the ledger: what was decided and is not entered yet, and the port to it."""
