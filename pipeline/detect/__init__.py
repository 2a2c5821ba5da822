"""Language and script of articles and paragraphs."""
