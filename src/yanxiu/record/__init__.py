"""Wing: what is certified. assessment -> figures -> reports -> documents, one way."""
