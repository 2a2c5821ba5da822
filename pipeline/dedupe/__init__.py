"""Repeated passages and near-duplicate articles."""
