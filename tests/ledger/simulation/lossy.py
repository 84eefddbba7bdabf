"""A disk that loses at power failure what was not flushed: the file operations of a real process, as `strace` saw them, played again.

What was written and then flushed is there after the failure. What was written since is there, is not there, or is there in part
(by sectors of 512 bytes), as the dice say; what never was asked for is not there. A file's name is there as soon as the file was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

SECTOR = 512

TRACED = "trace=pwrite64,write,ftruncate,fdatasync,fsync"
OPTIONS = ("-f", "-y", "-xx", "-s", "70000", "-e", TRACED, "-e", "signal=none")
"""For strace: every operation with its file and all its bytes."""


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Flush:
    """A flush that came back; `asked` counts the operations that had been asked for when it began."""

    file: str
    asked: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What the process said on its descriptor for marks."""

    text: str


Event = Write | Truncate | Flush | Mark

_CALL = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\(\d+<(?P<file>[^>]*)>(?P<rest>.*)")
_RESUMED = re.compile(r"(?P<thread>\d+) +<\.\.\. \w+ resumed>.*= (?P<came_to>-?\d+)")
_WRITE = re.compile(r', "(?P<data>[^"]*)", (?P<size>\d+)(?:, (?P<at>\d+))?')
_TRUNCATE = re.compile(r", (?P<size>\d+)")


def events(trace: Iterable[str], *, marks: str) -> Iterator[Event]:
    """The operations of a trace in their order; `marks` is the end of the name of the file for marks.

    Raises:
        ValueError: an operation that failed, or one that is not understood.
    """
    asked = 0
    flushing: dict[str, Flush] = {}
    for line in trace:
        resumed = _RESUMED.match(line)
        if resumed:
            if resumed["came_to"].startswith("-"):
                raise ValueError(f"it failed: {line}")
            if resumed["thread"] in flushing:
                yield flushing.pop(resumed["thread"])
            continue
        call = _CALL.match(line)
        if call is None:
            continue
        if re.search(r"\) += -\d", call["rest"]):
            raise ValueError(f"it failed: {line}")
        file, name = _text(call["file"]), call["name"]
        if name in ("fdatasync", "fsync"):
            flush = Flush(file, asked)
            if "unfinished" in call["rest"]:
                flushing[call["thread"]] = flush
            else:
                yield flush
        elif name == "ftruncate":
            asked += 1
            told = _TRUNCATE.match(call["rest"])
            assert told, line
            yield Truncate(file, int(told["size"]))
        else:
            told = _WRITE.match(call["rest"])
            assert told, line
            data = bytes.fromhex(told["data"].replace("\\x", ""))
            if file.endswith(marks):
                yield Mark(data.decode())
            elif told["at"] is not None:
                if len(data) != int(told["size"]):
                    raise ValueError("strace cut the bytes")
                asked += 1
                yield Write(file, int(told["at"]), data)


def after_the_failure(happened: Sequence[Event], before: dict[str, bytes], dice: Random) -> dict[str, bytes]:
    """The files as the next start finds them, when the power failed right after these events."""
    operations = [event for event in happened if isinstance(event, Write | Truncate)]
    flushed = dict.fromkeys(before, 0)
    for event in happened:
        if isinstance(event, Flush):
            flushed[event.file] = event.asked
    files = {file: bytearray(content) for file, content in before.items()}
    for number, operation in enumerate(operations):
        content = files.setdefault(operation.file, bytearray())
        if number < flushed.get(operation.file, 0) or dice.random() < 0.5:
            _apply(content, operation)
        elif isinstance(operation, Write) and dice.random() < 0.5:
            _apply_in_part(content, operation, dice)
    return {file: bytes(content) for file, content in files.items()}


def _apply(content: bytearray, operation: Write | Truncate) -> None:
    if isinstance(operation, Truncate):
        del content[operation.size :]
        content.extend(bytes(operation.size - len(content)))
        return
    end = operation.at + len(operation.data)
    content.extend(bytes(max(0, end - len(content))))
    content[operation.at : end] = operation.data


def _apply_in_part(content: bytearray, operation: Write, dice: Random) -> None:
    """Each sector for itself reaches the disk or does not."""
    at, end = operation.at, operation.at + len(operation.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        if dice.random() < 0.5:
            part = operation.data[at - operation.at : until - operation.at]
            _apply(content, Write(operation.file, at, part))
        at = until


def _text(quoted: str) -> str:
    return bytes.fromhex(quoted.replace("\\x", "")).decode() if quoted.startswith("\\x") else quoted


def put(files: dict[str, bytes], folder: Path) -> None:
    """The files under their own names in another folder."""
    for file, content in files.items():
        (folder / Path(file).name).write_bytes(content)
