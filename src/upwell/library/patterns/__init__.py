"""Find patterns in any yes/no about people: the door, what may be asked of it, and what it gives."""

from upwell.library.patterns.door import find_patterns
from upwell.library.patterns.found import Pattern, Patterns
from upwell.library.patterns.picture import Picture

__all__ = ["Pattern", "Patterns", "Picture", "find_patterns"]
