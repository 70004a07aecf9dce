"""What proves a frozen report: the signed attachment, recomputing it, what has changed since."""
