"""What people of the play write: clauses put together anew for each, so that what coincides is rare, as among real people."""
