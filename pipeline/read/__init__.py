"""From files to articles."""
