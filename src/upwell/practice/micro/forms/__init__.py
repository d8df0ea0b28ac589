"""What is written into a case, checked before it is kept."""
