"""Issue files: one reader a format, chosen in one table."""
