"""The pages of macro."""
