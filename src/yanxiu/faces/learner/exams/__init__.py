"""Examinations: what there is to sit, sitting it under the server's clock, the receipt, the review."""
