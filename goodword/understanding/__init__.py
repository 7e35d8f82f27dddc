"""From words to meaning: start at analysis.py."""
