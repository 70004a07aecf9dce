"""The only shared Django code: clock, ids, audit entry, snapshot, refusals. Nothing of the domain."""
