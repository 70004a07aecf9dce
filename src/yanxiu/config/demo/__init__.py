"""The reference data set: a fictional class plays the six weeks of 2017 through the real endpoint and the real actions."""
