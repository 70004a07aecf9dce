"""The study of the play: planned, checked by an oracle of its own, then sent as beats."""
