"""Reading what somebody brings, in a process of its own with limits that the machine itself keeps.

    rows = await aside(read_rows, filename, content)                   # one result
    tables, *more = await parts_aside(OFFICE, read_in_parts, content)          # a generator's results, one after the other

`work` is a function of a module; its arguments and what it gives are plain values, data classes of ours and refusals. A file
that needs more time or memory than any list does ends with its process, as `FileTooHeavy`; the server's own loop, its
threads and its passwords have nothing to do with it. Two files are read at once, a few more wait.

The processes are Linux's. Elsewhere the work is done in a thread of the server: the counted limits of
`marketplace.lists.cells.limits` hold there, those of time and memory do not.
"""

from timebank.reading.asking import ReadingBusy, ReadingFailed, aside, parts_aside
from timebank.reading.limits import OFFICE, OPERATOR, Limits

__all__ = ["OFFICE", "OPERATOR", "Limits", "ReadingBusy", "ReadingFailed", "aside", "parts_aside"]
