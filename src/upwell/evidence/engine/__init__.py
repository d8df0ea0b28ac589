"""Counting: the only work of the search that grows with the number of persons."""
