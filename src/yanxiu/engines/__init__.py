"""Adapters behind ports, one folder each; only config.wiring imports them."""
