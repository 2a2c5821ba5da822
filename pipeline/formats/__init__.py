"""File formats: each module takes the markup off an article that has just been read."""
