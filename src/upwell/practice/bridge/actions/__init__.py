"""What changes rows of the bridge, one verb each. Rows carry an agency and a role, never a worker."""

from upwell.practice.bridge.actions.ask import ask_answer, ask_receive, ask_take, ask_words
from upwell.practice.bridge.actions.call import call_open
from upwell.practice.bridge.actions.issue import (
    FigureFields,
    StatementFields,
    issue_close,
    issue_move,
    issue_open,
    issue_park,
    issue_say,
    receive,
)
from upwell.practice.bridge.actions.measure import measure_answer, measure_change, measure_declare, measure_lock
from upwell.practice.bridge.actions.practice_note import (
    NoteFields,
    practice_note_change,
    practice_note_draft,
    practice_note_send,
)

__all__ = [
    "FigureFields",
    "NoteFields",
    "StatementFields",
    "ask_answer",
    "ask_receive",
    "ask_take",
    "ask_words",
    "call_open",
    "issue_close",
    "issue_move",
    "issue_open",
    "issue_park",
    "issue_say",
    "measure_answer",
    "measure_change",
    "measure_declare",
    "measure_lock",
    "practice_note_change",
    "practice_note_draft",
    "practice_note_send",
    "receive",
]
