"""A file for each channel: where the conformance suite finds a place that speaks with it."""
