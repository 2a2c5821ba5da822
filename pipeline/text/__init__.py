"""Pure text algorithms: no files, no settings, no other part of the package."""
