"""`python -m faults.ready`: the application loaded once, and a fork of it for every act that is asked for.

Each line that it reads is JSON: [file, module, words ...]. It runs module.main(words) in a fork that had nothing open
before, with what is printed in that file and what went wrong in that file with ".err"; it answers with the exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

from django.urls import get_resolver

from faults import acts, together

LOADED = (acts, together)


def forked(said: str, module: str, words: list[str]) -> int:
    """The exit code of a fork that did it."""
    child = os.fork()
    if child == 0:
        _do(said, module, words)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _do(said: str, module: str, words: list[str]) -> None:
    code = 1
    try:
        for number, name in ((1, said), (2, f"{said}.err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        importlib.import_module(module).main(words)
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must end here, whatever happened
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Until there is nothing more to read."""
    assert get_resolver().url_patterns
    for line in sys.stdin:
        said, module, *words = json.loads(line)
        print(forked(said, module, words), flush=True)


if __name__ == "__main__":
    main()
