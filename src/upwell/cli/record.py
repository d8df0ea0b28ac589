"""run.json: what was asked of which records with which software, so that anybody inside can make the same again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any  # a run record is JSON until it has been checked

from upwell.cli import output, software
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure.assessment import Met
from upwell.records.cases.hmis.typed import DateOrder
from upwell.state.requests import Former

DATES: tuple[DateOrder, ...] = ("iso", "mdy", "dmy")


@dataclass(frozen=True)
class Ask:
    """All that decides the answer beside the records: questions () means every one that can be answered.

    protection: a pack's name, or the file name of the agency's own. pack: the whole text of the latter, "" otherwise.
    corrects: the id of a former release that this one corrects, "" for none; because: why.
    """

    questions: tuple[str, ...] = ()
    protection: str = "hmis-agency"
    baseline: str = "composition"
    seed: int = 1
    dates: DateOrder = "iso"
    basis: str = ""
    leave_out_victim_providers: bool = False
    new_ledger: str = ""
    planted: tuple[str, ...] = ()
    pack: str = ""
    corrects: str = ""
    because: str = ""

    def digest(self, snapshot: str) -> str:
        """The name of this request on these records with this software, 64 hex digits."""
        held = {**asdict(self), "snapshot": snapshot, "software": software.digest()}
        return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True)
class Run:
    """A run that is over. snapshot: digest of the records it read. source_id: whose they were."""

    ask: Ask
    snapshot: str
    source_id: str
    former: Former

    def as_bytes(self, files: Sequence[str], assessment: Sequence[Met] = ()) -> bytes:
        """The record as it is written. files: every file of the output, this one left out. assessment: what met it."""
        held = {
            "about": "CASE TEAM ONLY, DO NOT SEND. How this output was made; `./upwell brief --again` makes it again.",
            "form": output.FORM,
            "version": software.version(),
            "constraints": {"sha256": software.digest(), **software.parts()},
            "arguments": asdict(self.ask),
            "source_id": self.source_id,
            "snapshot": self.snapshot,
            "seed": self.ask.seed,
            "ledger_head": self.former.ledger_head,
            "release_id": self.former.release_id,
            "made_on": self.former.made_on.isoformat(),
            "assessment": [asdict(met) for met in assessment],
            "files": sorted(files),
        }
        return json.dumps(held, indent=1, ensure_ascii=False).encode() + b"\n"


def read(path: Path) -> Run:
    """The run that a run.json records. Raises DoorError when it is none."""
    try:
        held: dict[str, Any] = json.loads(path.read_bytes())
        if held["form"] != output.FORM:
            raise ValueError(held["form"])
        asked = {**held["arguments"]}
        asked["questions"], asked["planted"] = tuple(asked["questions"]), tuple(asked["planted"])
        former = Former(str(held["release_id"]), str(held["ledger_head"]), date.fromisoformat(held["made_on"]))
        return Run(Ask(**asked), str(held["snapshot"]), str(held["source_id"]), former)
    except OSError as error:
        raise DoorError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError):
        raise DoorError(f"{path} is no run record of Upwell. Name the run.json of an earlier output.") from None
