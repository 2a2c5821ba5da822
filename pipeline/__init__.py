"""Offline news digests: a folder of articles in many languages becomes English Markdown."""

__version__ = "0.1.0"
