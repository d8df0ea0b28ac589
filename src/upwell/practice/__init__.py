"""PRACTICE. Django apps named by the profession. The bridge lies below the levels; no level knows another."""
