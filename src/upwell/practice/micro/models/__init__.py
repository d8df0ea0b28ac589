"""Cases and what is written in them. Case side: keys to the shared side go one way, and nothing comes back."""

from upwell.practice.micro.models.case import Assignment, BrokenGlass, Case, CaseloadImport, Goal, Referral
from upwell.practice.micro.models.caseload import CaseloadRow
from upwell.practice.micro.models.crossing import Candidate, Outbox
from upwell.practice.micro.models.thread import AskMade, Concern, ConcernGroup, NoteMatch, TeamWord, Word
from upwell.practice.micro.models.writing import Draft, Entry, Note, NoteAmendment

__all__ = [
    "AskMade",
    "Assignment",
    "BrokenGlass",
    "Candidate",
    "Case",
    "CaseloadImport",
    "CaseloadRow",
    "Concern",
    "ConcernGroup",
    "Draft",
    "Entry",
    "Goal",
    "Note",
    "NoteAmendment",
    "NoteMatch",
    "Outbox",
    "Referral",
    "TeamWord",
    "Word",
]
