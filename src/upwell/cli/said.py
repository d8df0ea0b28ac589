"""What a release says, in the brief's own sentences, for the terminal."""

from __future__ import annotations

from datetime import date

from upwell.evidence.brief.model import Paragraph, text_of
from upwell.evidence.brief.outline import outline
from upwell.evidence.brief.words import catalogue
from upwell.evidence.disclosure.release import Release


def headline(release: Release, today: date) -> str:
    """Page one's headline."""
    return text_of(outline(release, catalogue("en"), today=today).front.heading)


def findings(release: Release, today: date) -> list[str]:
    """One sentence a released pattern, best first; [] when nothing stands out."""
    sections = outline(release, catalogue("en"), today=today).sections
    return [
        text_of(next(block.text for block in section.blocks if isinstance(block, Paragraph)))
        for section in sections
        if section.id.startswith("finding-")
    ]
