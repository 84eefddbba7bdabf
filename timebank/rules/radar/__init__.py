"""Patterns in hours that are worth a look by somebody whom they do not concern. Pure.

    seen = Seen(now=…, zone=…, parts=[part_of(attendance, service, said), …], people=…, …)
    for flag in look(seen, policy.radar):
        flag.rule, flag.people, flag.parts, flag.figures          # ring, (…three uids…), (…nine uids…), parts=9 percent=82

A flag says what is unusual and by which figures, nothing more: it holds back no hour and takes none. One module holds the
patterns that look at the same thing: `times` (where somebody was), `keys` (who pressed), `bursts`, `rings`, `clients`, `even`; `keeping` sorts out what is news.
"""

from timebank.rules.radar.flags import Flag, Pattern
from timebank.rules.radar.keeping import KeptFlag, Look, Sorted, sort_out
from timebank.rules.radar.looking import look
from timebank.rules.radar.seen import Part, Press, Seen, part_of
from timebank.rules.radar.words import explained, titled

__all__ = [
    "Flag", "KeptFlag", "Look", "Part", "Pattern", "Press", "Seen", "Sorted", "explained", "look", "part_of", "sort_out", "titled",
]  # fmt: skip
