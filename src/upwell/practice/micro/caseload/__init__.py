"""Bringing a caseload in from an HMIS export: read, previewed, brought in, undone."""
