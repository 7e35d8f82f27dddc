"""What those who work on Goodword run, and no install needs."""
