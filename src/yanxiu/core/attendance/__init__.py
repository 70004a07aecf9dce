"""考勤: what is known of somebody's presence at a session in person, as it goes into the ledger. Pure."""
