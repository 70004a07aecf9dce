"""Pages of administrators and class managers: lockouts, second factors, the audit log, invites."""
