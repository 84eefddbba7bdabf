"""The linear program over rounds: which share of each round found so far the best mixture takes, and what is scarce.

`highspy` solves it in floats; only its prices are used, rounded to whole parts of a point, and what they prove is
recomputed in whole numbers. Without highspy nothing here is imported.

Source: Desrosiers and Lübbecke, A primer in column generation (2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.prices import PARTS, Alternative, Tariff
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Option, Round

Row = tuple[str, Any]
_FREE = 1e30
# Values are brought to about this size, where the solver's tolerances mean a small part of a point.
_SIZE = 1000.0
_SHARE_MIN = 1e-6
_HALF = 0.5


class Master:
    """Rounds, and the best mixture of them."""

    def __init__(self, laid: Laid) -> None:
        from highspy import ObjSense

        # The class with conveniences greets on standard output before it can be told not to; this one is silent.
        from highspy._core import _Highs

        self.laid = laid
        self.rows: dict[Row, int] = {}
        self.rounds: list[Round] = []
        self._column: list[int] = []
        self._place: dict[Round, int] = {}
        self._known: set[tuple[int, frozenset[tuple[int, int]]]] = set()
        self._fresh: list[Round] = []
        self._options: list[tuple[Option, int]] = []
        largest = max(
            (table.value[i] for table in laid.tables.values() for i in range(len(table.tasks))), default=1
        )
        self.scale = _SIZE / max(1, largest)
        self._bounds: list[tuple[float, float]] = []
        self._lp = _Highs()
        for name, chosen in (("output_flag", False), ("log_to_console", False), ("threads", 1), ("random_seed", 0), ("dual_feasibility_tolerance", 1e-9)):  # fmt: skip
            self._lp.setOptionValue(name, chosen)
        self._lp.changeObjectiveSense(ObjSense.kMaximize)
        self._row_for_everything()
        self._lay_rows()
        self._lay_options()
        self._lay_steps()
        self._spares: dict[int, int] = {}
        self._fixed: dict[int, float] = {}

    # ---------------------------------------------------------------- building

    def _row(self, row: Row, low: float, high: float) -> None:
        self.rows[row] = len(self._bounds)
        self._bounds.append((low, high))

    def _row_for_everything(self) -> None:
        laid, problem = self.laid, self.laid.problem
        assert problem.routing is not None
        for slot in laid.tables:
            self._row(("slot", slot), 0, laid.people(slot))
        for slot in laid.counted:
            self._row(("room", slot), 0, problem.capacity[slot])
        served = sorted({task for table in laid.tables.values() for task in table.tasks} | {task for tasks in laid.counted.values() for task, _ in tasks})  # fmt: skip
        for task in served:
            self._row(("task", task), 0, 1 if task in laid.joint else problem.demand[task])
        for task in sorted(laid.joint):
            for option in laid.options[task]:
                self._row(("option", option), 0, 0)
                for one in laid.covered(option):
                    if ("moment", one) not in self.rows:
                        self._row(("moment", one), 0, problem.routing.things[one[0]])
        groups = {problem.group_of[slot] for slot in (*laid.tables, *laid.counted)} - {NO_GROUP}
        for group in sorted(groups):
            self._row(("visit", group), -_FREE, 0)
            if group in problem.routing.minutes_max:
                self._row(("minute", group), 0, problem.routing.minutes_max[group])
        open_slots = laid.tables.keys() | laid.counted.keys()
        for number, clash in enumerate(problem.clashes):
            if not open_slots.isdisjoint(clash.slots):
                self._row(("clash", number), 0, clash.most)
        self._clashes_of = {
            slot: [number for number in own if ("clash", number) in self.rows]
            for slot, own in problem.clashes_of().items()
        }

    def _lay_rows(self) -> None:
        low, high = (np.array(one, dtype=float) for one in zip(*self._bounds, strict=True))
        none = np.zeros(len(low), dtype=np.int32)
        self._lp.addRows(
            len(low), low, high, 0, none, np.array([], dtype=np.int32), np.array([], dtype=float)
        )

    def _lay_options(self) -> None:
        for task in sorted(self.laid.joint):
            if ("task", task) not in self.rows:
                continue
            demand = self.laid.problem.demand[task]
            for option in self.laid.options[task]:
                entries = [(("option", option), -float(demand)), (("task", task), 1.0)]
                entries.extend((("moment", one), 1.0) for one in self.laid.covered(option))
                self._options.append((option, self._add_column(0.0, _FREE, entries)))

    def _lay_steps(self) -> None:
        for group, steps in enumerate(self.laid.problem.steps):
            if ("visit", group) in self.rows:
                for units, cost in steps:
                    self._add_column(-cost * self.scale, float(units), [(("visit", group), -1.0)])

    def _add_column(self, points: float, most: float, entries: Sequence[tuple[Row, float]]) -> int:
        number = int(self._lp.getNumCol())
        rows = np.array([self.rows[row] for row, _ in entries], dtype=np.int32)
        self._lp.addCol(points, 0.0, most, len(rows), rows, np.array([share for _, share in entries]))
        return number

    def add(self, rounds: Iterable[Round]) -> int:
        """How many of these rounds are new; they join before the next solve."""
        before = len(self._fresh)
        for one in rounds:
            key = (one.slot, frozenset(one.visits))
            if key not in self._known:
                self._known.add(key)
                self._fresh.append(one)
        return len(self._fresh) - before

    def _entries(self, one: Round) -> list[tuple[int, float]]:
        laid, rows = self.laid, self.rows
        counted = one.slot in laid.counted
        found = [(rows["room" if counted else "slot", one.slot], 1.0)]
        minutes = 0
        for task, start in one.visits:
            row = ("option", laid.option(task, one.slot, start)) if task in laid.joint else ("task", task)
            found.append((rows[row], 1.0))
            minutes += laid.minutes_of(task, one.slot)
        if (group := laid.problem.group_of[one.slot]) != NO_GROUP:
            found.append((rows["visit", group], float(len(one.visits))))
            if ("minute", group) in rows and minutes:
                found.append((rows["minute", group], float(minutes)))
        found.extend((rows["clash", number], 1.0) for number in self._clashes_of.get(one.slot, ()))
        return found

    def _flush(self) -> None:
        if not self._fresh:
            return
        starts, index, share = [], list[int](), list[float]()
        for one in self._fresh:
            starts.append(len(index))
            for row, amount in self._entries(one):
                index.append(row)
                share.append(amount)
        first, count = int(self._lp.getNumCol()), len(self._fresh)
        self._lp.addCols(
            count,
            np.array([one.value * self.scale for one in self._fresh]),
            np.zeros(count),
            np.full(count, _FREE),
            len(index),
            np.array(starts, dtype=np.int32),
            np.array(index, dtype=np.int32),
            np.array(share),
        )
        self._column.extend(range(first, first + count))
        self._place.update(zip(self._fresh, range(first, first + count), strict=True))
        self.rounds.extend(self._fresh)
        self._fresh = []

    # ---------------------------------------------------------------- solving

    def solve(self) -> bool:
        """Find the best mixture; False when no mixture is allowed."""
        from highspy import HighsModelStatus

        self._flush()
        self._lp.run()
        return bool(self._lp.getModelStatus() == HighsModelStatus.kOptimal)

    @property
    def points(self) -> float:
        """Points of the best mixture."""
        return float(self._lp.getInfo().objective_function_value) / self.scale

    def shares(self) -> tuple[list[tuple[Round, float]], list[tuple[Option, float]]]:
        """Rounds and options the mixture takes a share of."""
        taken = np.array(self._lp.getSolution().col_value)
        own = taken[self._column]
        rounds = [(self.rounds[i], float(own[i])) for i in np.flatnonzero(own > _SHARE_MIN).tolist()]
        options = [
            (option, float(taken[number])) for option, number in self._options if taken[number] > _SHARE_MIN
        ]
        return rounds, options

    def tariff(self, at: Alternative) -> Tariff:
        """The prices of the mixture in whole parts of a point, none below zero that must not be."""
        dual = (
            np.rint(np.array(self._lp.getSolution().row_dual) * (PARTS / self.scale))
            .astype(np.int64)
            .tolist()
        )
        prices: dict[str, dict[Any, int]] = {kind: {} for kind in ("task", "option", "room", "visit", "minute", "clash", "moment", "slot")}  # fmt: skip
        for (kind, key), number in self.rows.items():
            price = dual[number]
            if kind == "task" and key in self.laid.joint:
                continue
            signed = kind == "option" or (kind == "task" and at.met.get(key) is True)
            if not signed and price <= 0:
                continue
            if price:
                prices[kind][key] = price
        del prices["slot"]
        return Tariff(**prices)

    # ---------------------------------------------------------------- alternatives and diving

    def narrow(self, at: Alternative) -> None:
        """Allow only what an alternative allows."""
        self._flush()
        high = [
            _FREE if all(at.allows(task, one.slot, start) for task, start in one.visits) and self._has_required(one, at) else 0.0
            for one in self.rounds
        ]  # fmt: skip
        options = [
            _FREE if at.met.get(option[0]) is not False and (option[2] == ANY_TIME or at.in_time(option[0], option[2])) else 0.0
            for option, _ in self._options
        ]  # fmt: skip
        columns = [*self._column, *(number for _, number in self._options)]
        self._change(columns, [0.0] * len(columns), [*high, *options])
        self._require({task for task, met in at.met.items() if met}, {slot for _, slot in at.must})

    def _has_required(self, one: Round, at: Alternative) -> bool:
        return not at.must or {task for task, slot in at.must if slot == one.slot} <= {
            task for task, _ in one.visits
        }

    def _require(self, tasks: set[int], slots: set[int]) -> None:
        """Rows that must be filled, each with a spare column that costs more than all points until rounds are found."""
        wanted = {self.rows["task", task]: float(self._bounds[self.rows["task", task]][1]) for task in tasks if ("task", task) in self.rows}  # fmt: skip
        wanted.update((self.rows["slot", slot], 1.0) for slot in slots)
        for row in self._fixed.keys() - wanted.keys():
            self._lp.changeRowBounds(row, *self._bounds[row])
            self._change([self._spares[row]], [0.0], [0.0])
        for row, filled in wanted.items():
            if row not in self._spares:
                number = int(self._lp.getNumCol())
                cost = -10.0 * _SIZE * (1 + len(self.laid.problem.demand))
                self._lp.addCol(cost, 0.0, _FREE, 1, np.array([row], dtype=np.int32), np.array([1.0]))
                self._spares[row] = number
            self._lp.changeRowBounds(row, filled, filled)
            self._change([self._spares[row]], [0.0], [_FREE])
        self._fixed = wanted

    def whole(self, nodes_max: int) -> list[Round]:
        """The best plan of whole rounds found among those known, as far as so many nodes go; nothing when none is found.

        Nodes are counted, not timed, so that the answer does not depend on what else the machine does.
        """
        from highspy import HighsVarType

        self._flush()
        columns = np.array([*self._column, *(number for _, number in self._options)], dtype=np.int32)
        for kind in (HighsVarType.kInteger, HighsVarType.kContinuous):
            if kind == HighsVarType.kContinuous:
                taken = np.array(self._lp.getSolution().col_value)
            self._lp.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind))
            if kind == HighsVarType.kInteger:
                self._lp.setOptionValue("mip_max_nodes", nodes_max)
                self._lp.run()
        own = taken[self._column] if len(taken) else np.zeros(len(self._column))
        return [
            self.rounds[i] for i in np.flatnonzero(own > _HALF).tolist() for _ in range(round(float(own[i])))
        ]

    def fix(self, rounds: Sequence[Round], options: Sequence[Option]) -> None:
        """Hold these in the mixture as a whole, for a dive."""
        columns = self._columns_of(rounds, options)
        self._change(columns, [1.0] * len(columns), [_FREE] * len(columns))

    def drop(self, rounds: Sequence[Round], options: Sequence[Option]) -> None:
        """Keep these out of the mixture, after holding them left no mixture at all."""
        columns = self._columns_of(rounds, options)
        self._change(columns, [0.0] * len(columns), [0.0] * len(columns))

    def _columns_of(self, rounds: Sequence[Round], options: Sequence[Option]) -> list[int]:
        place = dict(self._options) if options else {}
        return [*(self._place[one] for one in rounds), *(place[one] for one in options)]

    def _change(self, columns: Sequence[int], low: Sequence[float], high: Sequence[float]) -> None:
        if columns:
            self._lp.changeColsBounds(
                len(columns), np.array(columns, dtype=np.int32), np.array(low), np.array(high)
            )
