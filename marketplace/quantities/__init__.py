"""How much: 2人次, 8人×2小时, 每次6个号, 每天40份, 男2女3, 3-5人, 4场×20人, and the same in English.

    read_quantity("5", counting("needs", "helpers"))                        # five people to help
    read_quantity("50", counting("resources", "people_count", Offered.PLACE))    # fifty seats

Integers only. A half (半天, 1.5小时) becomes minutes; half a person is asked about. Money named in a resource is kept as
text and never counts. `words` holds the vocabulary, `shapes` what is more than a number and a unit, `counting` what each
column counts.
"""

from marketplace.quantities.counting import HELPERS, SERVED, Counting, Offered, counting
from marketplace.quantities.reader import PLAIN, read_quantity, says_together
from marketplace.quantities.words import DAY_MINUTES, HALF_DAY_MINUTES

__all__ = [
    "DAY_MINUTES",
    "HALF_DAY_MINUTES",
    "HELPERS",
    "PLAIN",
    "SERVED",
    "Counting",
    "Offered",
    "counting",
    "read_quantity",
    "says_together",
]
