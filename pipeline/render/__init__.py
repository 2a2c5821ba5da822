"""Digests as Markdown."""
