"""Room: the privacy notice and its answers, a copy of everything held about a person, erasing a person."""
