"""发提醒 to those a figure is still missing."""
