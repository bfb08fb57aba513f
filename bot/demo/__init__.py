"""A believable history of conversations, for trying the console and for tests of its speed."""
