"""The two searches of the engine: a surplus looks for its cheapest place, a free place for who needs it most.

Both are Dijkstra's algorithm over reduced costs, which the prices keep at or above zero. Edges are scanned best first
and only while they can still matter, which is what makes plain Python quick enough for a district.
"""

from __future__ import annotations

from heapq import heappop, heappush

from marketplace.planning.solving.network import GROUP, NO_GROUP, SLOT, TASK, Network

FAR = 1 << 200

# (cost, the end that was found, the neighbour of each node on its path, the distance of each node reached)
Found = tuple[int, int, dict[int, int], dict[int, int]]


def cheapest_from(net: Network, source: int, *, stay: bool = True) -> Found:
    """The cheapest way out: (cost, last node, predecessors, distances); a task as last node stays unserved.

    With `stay` False the source itself must find a place.
    """
    best, end = FAR, source
    distance, came_from, heap = {source: 0}, {}, [(0, source)]
    edges, task_price, slot_price = net.edges, net.task_price, net.slot_price
    capacity, used, group_of, holders = net.capacity, net.used, net.group_of, net.holders
    while heap:
        d, node = heappop(heap)
        if d >= best:
            break
        if d > distance[node]:
            continue
        index, layer = divmod(node, 3)
        steps: list[tuple[int, int]] = []
        tasks: list[int] = []
        if layer == TASK:
            tasks = [node]
        elif layer == SLOT:
            if used[index] < capacity[index]:
                group = group_of[index]
                if group == NO_GROUP:
                    best, end = d, node
                    break
                steps = [(d + net.group_price[group] - slot_price[index], 3 * group + GROUP)]
            # Giving a place back costs nothing more, so its holders stand at this very distance.
            for holder in holders[index]:
                other = 3 * holder + TASK
                if d < distance.get(other, FAR):
                    distance[other], came_from[other] = d, node
                    tasks.append(other)
        else:
            price = net.group_price[index]
            if net.group_used[index] < net.room[index]:
                reach = d + net.next_cost(index) - price
                if reach < best:
                    best, end = reach, node
            steps = [(d + slot_price[s] - price, 3 * s + SLOT) for s in net.members[index] if used[s]]
        for reach, other in steps:
            if reach < best and reach < distance.get(other, FAR):
                distance[other], came_from[other] = reach, node
                heappush(heap, (reach, other))
        for here in tasks:
            task = here // 3
            base = d + task_price[task]
            if base < best and (stay or here != source):
                best, end = base, here
            floor = base - best
            for value, slot in edges[task]:
                if value <= floor:
                    break
                reach = base + slot_price[slot] - value
                if reach >= best:
                    continue
                other = 3 * slot + SLOT
                if reach < distance.get(other, FAR):
                    distance[other], came_from[other] = reach, here
                    if group_of[slot] == NO_GROUP and used[slot] < capacity[slot]:
                        best, end, floor = reach, other, base - reach
                    else:
                        heappush(heap, (reach, other))
    return best, end, came_from, distance


def cheapest_to(net: Network, target: int) -> Found:
    """The cheapest way in: (cost, first node, successors, distances); a slot or group as first node rests."""
    best, start = FAR, target
    distance, leads_to, heap = {target: 0}, {}, [(0, target)]
    flow, unmet, task_price, slot_price = net.flow, net.unmet, net.task_price, net.slot_price
    used, group_of, wanted_by = net.used, net.group_of, net.wanted_by
    while heap:
        d, node = heappop(heap)
        if d >= best:
            break
        if d > distance[node]:
            continue
        index, layer = divmod(node, 3)
        slots: list[int] = []
        if layer == SLOT:
            slots = [node]
        elif layer == TASK:
            if unmet[index]:
                best, start = d, node
                break
            # Taking a unit away from where it is costs nothing more, so those places stand at this very distance.
            for slot in flow[index]:
                other = 3 * slot + SLOT
                if d < distance.get(other, FAR):
                    distance[other], leads_to[other] = d, node
                    slots.append(other)
        else:
            price = net.group_price[index]
            if net.group_used[index]:
                reach = d + price - net.last_cost(index)
                if reach < best:
                    best, start = reach, node
            for slot in net.members[index]:
                other = 3 * slot + SLOT
                reach = d + price - slot_price[slot]
                if used[slot] < net.capacity[slot] and reach < best and reach < distance.get(other, FAR):
                    distance[other], leads_to[other] = reach, node
                    heappush(heap, (reach, other))
        for here in slots:
            slot = here // 3
            base, group = d + slot_price[slot], group_of[slot]
            if used[slot]:
                if group == NO_GROUP:
                    if base < best:
                        best, start = base, here
                else:
                    other, reach = 3 * group + GROUP, base - net.group_price[group]
                    if reach < best and reach < distance.get(other, FAR):
                        distance[other], leads_to[other] = reach, here
                        heappush(heap, (reach, other))
            floor = base - best
            for value, task in wanted_by[slot]:
                # A task's price is never below zero, so from here on no edge can help any more.
                if value <= floor:
                    break
                reach = base + task_price[task] - value
                if reach >= best:
                    continue
                other = 3 * task + TASK
                if reach < distance.get(other, FAR):
                    distance[other], leads_to[other] = reach, here
                    if unmet[task]:
                        best, start, floor = reach, other, base - reach
                    else:
                        heappush(heap, (reach, other))
    assert best < FAR
    return best, start, leads_to, distance
