"""The figures: definitions as data, evidence as queries, value = measure(evidence)."""
