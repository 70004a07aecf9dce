"""One learner's own standing in a class: what is asked, what can still be done, which steps reach a pass, what was said."""
