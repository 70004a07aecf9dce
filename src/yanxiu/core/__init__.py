"""Plain Python, standard library only: time, beats, tokens, credit, schemes, figures, evidence. No Django, no I/O but the clock."""
