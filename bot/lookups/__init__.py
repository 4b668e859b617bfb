"""What does the world say about this bounce? Look-ups in live DNS, one file a check."""
