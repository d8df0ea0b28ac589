"""Climbing: the best sub-populations of one set of answers, by tables first and by records last."""
