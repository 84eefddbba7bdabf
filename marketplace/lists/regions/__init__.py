"""The tables of a sheet: titles, a header of one or more rows, lines, and all the other rows a list has.

Tables below or beside each other come apart. Every filled cell is accounted for: it is title, header, a cell of a line, or
of a row that was passed over and is named with its reason. A form with its labels beside the values is one line.
"""

from marketplace.lists.regions.sheets import regions_of
from marketplace.lists.regions.values import ASKED, BodyRow, Region, RowState

__all__ = ["ASKED", "BodyRow", "Region", "RowState", "regions_of"]
