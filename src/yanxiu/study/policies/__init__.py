"""Study policies as versioned data, and which class follows which."""
