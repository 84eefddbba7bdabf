"""Every pattern over one span."""

from __future__ import annotations

from timebank.policy import RadarPolicy
from timebank.rules.radar.bursts import burst
from timebank.rules.radar.clients import client
from timebank.rules.radar.even import even
from timebank.rules.radar.flags import Flag
from timebank.rules.radar.keys import alone, device, late, office
from timebank.rules.radar.rings import ring
from timebank.rules.radar.seen import Seen
from timebank.rules.radar.times import marathon, split, twice

PATTERNS = (twice, split, late, marathon, ring, office, client, burst, even, device, alone)


def look(seen: Seen, policy: RadarPolicy) -> list[Flag]:
    """Everything that is unusual in a span; the same span gives the same flags in the same order."""
    return [found for pattern in PATTERNS for found in pattern(seen, policy)]
