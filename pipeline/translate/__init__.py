"""Translation to English, offline, sentence by sentence."""
