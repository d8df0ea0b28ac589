"""Watching: what is new since the last look, and nothing twice."""
