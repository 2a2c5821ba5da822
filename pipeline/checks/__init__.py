"""What can be told of a translation without a reference."""
