"""How a learner's standing in a class is shown, to whichever face shows it: the line of days, next steps, reasons."""
