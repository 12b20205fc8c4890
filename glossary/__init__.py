"""What the words of this trade mean, and how their writings are made equal."""
