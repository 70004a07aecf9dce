"""Study-time credit, one frozen module a version (credit_v1 …): a pure function of the ledger."""
