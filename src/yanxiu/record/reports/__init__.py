"""Reports from draft through review to frozen and signed, and their verification."""
