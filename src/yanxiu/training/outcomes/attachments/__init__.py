"""Files beside a piece of writing: sniffed, stored by their content, served as downloads only."""
