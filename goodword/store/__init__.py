"""What the two databases do differently, and what is kept beside them: both bodies side by side."""
