"""Faults: what is left when a disk is full, a process killed, two come at once, or anything at all is sent."""
