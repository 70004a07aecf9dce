"""The tutor's desk: what was handed in, both texts of a resemblance, thought reports, and what the class asks for."""
