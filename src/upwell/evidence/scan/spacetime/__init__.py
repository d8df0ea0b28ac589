"""Space and time: since when, in which season, around which places."""
