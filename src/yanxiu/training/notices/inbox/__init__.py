"""Notices to one person: made once an occasion, read in the app, sent out through the plugged channels."""
