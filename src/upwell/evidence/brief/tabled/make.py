"""From a signed Release of count tables to the files of its share folder. Pure: same release, same day, same bytes."""

from __future__ import annotations

from datetime import date

from upwell.evidence.brief import render
from upwell.evidence.brief.cells import Quoter
from upwell.evidence.brief.package import package
from upwell.evidence.brief.tabled.layout import Printed
from upwell.evidence.brief.tabled.long import as_csv
from upwell.evidence.brief.tabled.outline import PICTURE, outline, shares
from upwell.evidence.brief.tabled.picture import bars
from upwell.evidence.brief.tabled.words import catalogue
from upwell.evidence.disclosure.release import Release


def make(release: Release, signed: bytes, printed: Printed, *, today: date, language: str = "en") -> dict[str, bytes]:
    """Files by relative name: protected.csv, protected.html, and release/ with the signed numbers.

    signed: the release's own signed bytes, passed on untouched. today: the day printed as "written on".
    """
    words = catalogue(language)
    document = outline(release, words, printed, today=today)
    pictures = {PICTURE: bars(shares(release))}
    files = {"protected.csv": as_csv(release, printed), "protected.html": render.html(document, pictures, words)}
    return files | package(Quoter(release, words), signed)
