"""What becomes of posts and replies when Goodword is killed (kill -9) while it works?"""
