"""Repair scraping damage and drop page chrome."""
