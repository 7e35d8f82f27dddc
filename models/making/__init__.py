"""How the files in models/ are made: encoder, then vectors, then heads. Start at __main__.py."""
