"""Towns that do not exist: lists of any size to try, measure and test with, believable and the same for the same seed.

    town = Town(ZONE, Random(7))
    for need in town.needs(): ...             # values for the planner, as streams
    for resource in town.resources(): ...
    for at in town.communities():             # the same lists as their offices would write them, slips included
        data = xlsx_of_sheets(workbook_of(town, at, Random(1)))

`presets` says how large a place is and where each figure comes from, `kinds` and `hours` what is asked for and when,
`people` and `units` who offers, `town` draws them line by line, `faults` and `sheets` write them down. A written list
knows the verdict each of its rows deserves.
"""

from marketplace.generator.faults import FAULTS, Fault
from marketplace.generator.presets import COMMUNITY, COUNTY_CITY, PREFECTURE, PRESETS, ZONE, Preset, scaled
from marketplace.generator.sheets import (
    Row,
    Sheet,
    attendance_of,
    csv_of_sheet,
    volunteers_of,
    workbook_of,
    xlsx_of_sheets,
)
from marketplace.generator.town import Community, Town

__all__ = [
    "COMMUNITY",
    "COUNTY_CITY",
    "FAULTS",
    "PREFECTURE",
    "PRESETS",
    "ZONE",
    "Community",
    "Fault",
    "Preset",
    "Row",
    "Sheet",
    "Town",
    "attendance_of",
    "csv_of_sheet",
    "scaled",
    "volunteers_of",
    "workbook_of",
    "xlsx_of_sheets",
]
