"""From ledger entries to rebuildable credit cells."""
