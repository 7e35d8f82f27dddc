"""The one way out to addresses that other people chose: pictures, feeds, links, hooks."""
