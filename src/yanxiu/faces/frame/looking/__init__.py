"""Looking for people: what was typed travels sealed."""
