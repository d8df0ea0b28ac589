"""The sealed stream: what was written comes back, and nothing can be changed, cut, moved or added unseen."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.web.backup import sealed
from upwell.web.backup.errors import BackupError

PHRASE = "a phrase that is long enough"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small chunks and a passphrase that costs nothing to try."""
    monkeypatch.setattr(sealed, "LOG2_N", 4)
    monkeypatch.setattr(sealed, "CHUNK", 100)


def write(plain: bytes) -> bytes:
    out = io.BytesIO()
    sealer = sealed.Sealer(out, PHRASE)
    for start in range(0, len(plain), 37):
        sealer.write(plain[start : start + 37])
    sealer.finish()
    return out.getvalue()


def read(stream: bytes, phrase: str = PHRASE) -> bytes:
    return sealed.Opener(io.BytesIO(stream), phrase).read()


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 200, 1234])
def test_what_was_written_comes_back(length: int) -> None:
    plain = bytes(number % 251 for number in range(length))

    assert read(write(plain)) == plain


def test_the_plain_text_is_not_in_it() -> None:
    assert b"Wilhelmina" not in write(b"Wilhelmina Quackenbush" * 20)


def test_two_backups_of_the_same_are_different() -> None:
    assert write(b"the same") != write(b"the same")


def test_a_wrong_passphrase_is_said_to_be_one() -> None:
    with pytest.raises(BackupError, match="passphrase is wrong"):
        read(write(b"x" * 300), "another phrase, long enough")


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_said_to_be_one(kept: float) -> None:
    stream = write(b"x" * 5000)

    with pytest.raises(BackupError, match=r"ends too early|beginning is damaged"):
        read(stream[: int(len(stream) * kept)])


def test_every_cut_is_noticed() -> None:
    stream = write(b"x" * 350)

    for end in range(len(stream)):
        with pytest.raises(BackupError):
            read(stream[:end])


def test_every_changed_bit_is_noticed() -> None:
    stream = write(b"x" * 350)

    for place in range(len(stream)):
        changed = bytearray(stream)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(BackupError):
            read(bytes(changed))


def chunks(stream: bytes) -> tuple[bytes, list[bytes]]:
    """The head, and each chunk with its length."""
    head = b"\n".join(stream.split(b"\n", 2)[:2]) + b"\n"
    rest, found = stream[len(head) :], []
    while rest:
        size = 4 + (int.from_bytes(rest[:4], "big") & 0x7FFFFFFF)
        found.append(rest[:size])
        rest = rest[size:]
    return head, found


def test_chunks_cannot_be_swapped_left_out_doubled_or_taken_from_another_file() -> None:
    head, parts = chunks(write(bytes(range(250)) * 2))
    _, others = chunks(write(b"y" * 500))
    assert len(parts) == 5

    for forged in (
        [parts[1], parts[0], *parts[2:]],
        [parts[0], *parts[2:]],
        [parts[0], parts[0], *parts[1:]],
        [others[0], *parts[1:]],
        [*parts, parts[-1]],
        parts[:-1],
    ):
        with pytest.raises(BackupError):
            read(head + b"".join(forged))


def test_something_added_after_the_end_is_noticed() -> None:
    with pytest.raises(BackupError, match="changed or damaged"):
        read(write(b"whole") + b"\n")


@given(st.binary(max_size=400))
def test_any_other_file_is_refused_with_a_sentence(content: bytes) -> None:
    for stream in (content, b"UPWELL BACKUP 1\n" + content, b"UPWELL BACKUP 1\n{}\n" + content):
        with pytest.raises(BackupError):
            read(stream)


def test_a_head_that_asks_for_all_the_memory_is_refused() -> None:
    stream = write(b"x").replace(b'"log2n": 4', b'"log2n": 40')

    with pytest.raises(BackupError, match="no backup"):
        read(stream)
