"""The two ends of benchmarks/intake.py: a plain Django view to compare with, and the load."""
