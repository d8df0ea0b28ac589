"""Surely: how likely chance alone is to show as much, and which of several findings may be told."""
