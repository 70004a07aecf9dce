"""Settings, options, urls, wiring, commands; the top of the house."""
