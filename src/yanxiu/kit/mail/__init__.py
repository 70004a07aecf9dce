"""Letters by e-mail, whoever sends them."""
