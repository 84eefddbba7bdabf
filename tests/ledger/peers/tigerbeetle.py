"""The cases of TigerBeetle's own state machine tests that both of us can express, after `src/state_machine_tests.zig`.

Where we differ on purpose the line says what we do: an amount of 0 is refused (there: created), a balancing transfer of nothing is
refused (there: an empty one is created), a repeated key with another amount is a conflict.
"""

STORIES = {
    "two phases: posted in full, in part, voided, and asked again": """
        open A1
        open A2
        move T1 A1 A2 15
        hold T2 A1 A2 15
        hold T3 A1 A2 15
        hold T4 A1 A2 15 1s
        hold T5 A1 A2 7
        hold T6 A1 A2 1
        A1 53 15 0 0
        A2 0 0 53 15
        tick 1s
        A1 38 15 0 0
        settle T101 T2 16 over_settlement
        settle T110 T2 13
        settle T110 T2 13 replayed
        settle T110 T2 14 key_conflict
        settle T110 T3 13 key_conflict
        settle T111 T2 13 hold_ended
        void T112 T2 hold_ended
        settle T102 T103 16 unknown_hold
        void T103 T1 unknown_hold            # a plain transfer is no hold
        void T113 T3
        settle T104 T3 13 hold_ended
        void T105 T4 hold_ended              # it has lapsed
        settle T106 T5 8 over_settlement
        settle T107 T5 7
        settle T107 T5 7 replayed
        settle T107 T5 6 key_conflict
        settle T108 T6 1
        A1 0 36 0 0
        A2 0 0 0 36
    """,
    "holds lapse one by one": """
        open A1
        open A2
        hold T1 A1 A2 10
        hold T2 A1 A2 11 1s
        hold T3 A1 A2 12 2s
        hold T4 A1 A2 13 3s
        A1 46 0 0 0
        A2 0 0 46 0
        tick 1s
        A1 35 0 0 0
        A2 0 0 35 0
        tick 1s
        A1 23 0 0 0
        A2 0 0 23 0
        tick 1s
        A1 10 0 0 0
        A2 0 0 10 0
        settle T101 T1 10
        settle T102 T2 11 hold_ended
        settle T103 T3 12 hold_ended
        settle T104 T4 13 hold_ended
        A1 0 10 0 0
        A2 0 0 0 10
    """,
    "a failed transfer does not exist": """
        open A1
        open A2
        move T1 A1 A2 15
        move T2 A1 A9 15 unknown_account
        A1 0 15 0 0
        A2 0 0 0 15
    """,
    "failed linked chains are undone": """
        open A1
        open A2
        linked
        move T1 A1 A2 15
        move T2 A1 A9 15
        end refused
        linked
        hold T3 A1 A2 15 1s
        move T4 A1 A9 15
        end refused
        A1 0 0 0 0
        A2 0 0 0 0
    """,
    "a failed chain frees what it had taken for the next transfer": """
        open A1 floor=0
        open A2
        put A1 20
        linked
        move T1 A1 A2 15
        move T2 A1 A9 5
        end refused
        move T3 A1 A2 15
        A1 0 15 0 20
        A2 0 0 0 15
    """,
    "debits must not exceed credits, with what is pending counted": """
        open A1 floor=0
        open A2
        put A1 10
        hold T1 A1 A2 1
        move T2 A1 A2 3
        move T3 A1 A2 7 below_floor
        move T4 A1 A2 6
        move T5 A1 A2 1 below_floor
        A1 1 9 0 10
        A2 0 0 1 9
    """,
    "credits must not exceed debits, with what is pending counted": """
        open A2 ceiling=0
        open A3
        put A2 -10
        hold T1 A3 A2 2
        move T2 A3 A2 3
        move T3 A3 A2 6 above_ceiling
        move T4 A3 A2 5
        move T5 A3 A2 1 above_ceiling
        A2 0 10 2 8
        A3 2 8 0 0
    """,
    "a balancing debit takes what there is": """
        open A1 floor=0
        open A3
        put A1 10
        hold P1 A1 A3 1
        most T1 A1 A3 3
        most T2 A1 A3 13
        most T5 A1 A3 1 nothing_to_move
        most T1 A1 A3 2 key_conflict
        most T1 A1 A3 3 replayed
        most T2 A1 A3 13 replayed
        A1 1 9 0 10
        A3 0 0 1 9
    """,
    "a balancing debit of an account without a bound stops at zero": """
        open A1
        open A3
        put A1 10
        hold P1 A1 A3 1
        most T4 A1 A3 99
        most T5 A1 A3 99 nothing_to_move
        A1 1 9 0 10
    """,
    "a balancing debit into a bounded account": """
        open A1 floor=0
        open A2
        open A3 ceiling=0
        put A1 4
        put A2 -5
        put A3 -4
        most T2 A1 A2 10
        A1 0 4 0 4
        A2 0 5 0 4
        most T3 A2 A3 10 nothing_to_move
        A3 0 4 0 0
    """,
    "an amount of nothing and the same account twice": """
        open A1
        open A2
        hold T1 A1 A2 0 amount_zero
        move T2 A1 A2 0 amount_zero
        hold T3 A1 A1 5 same_account
        A1 0 0 0 0
    """,
    "two of a chain with one identifier": """
        open A1
        open A2
        linked
        move T1 A1 A2 5
        move T1 A1 A2 5
        end refused_malformed
        A1 0 0 0 0
    """,
}
