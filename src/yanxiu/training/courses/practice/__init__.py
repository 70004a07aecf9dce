"""Videos made by ourselves: the practice lesson for first-timers, and stand-ins of the demo. Slides, no sound."""
