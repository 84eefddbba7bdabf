"""The cases of pgledger's own tests that both of us can express, after `go/test/db_test.go`; amounts in whole cents."""

STORIES = {
    "an account that cannot be negative": """
        open A1 floor=0
        open A2
        move T1 A1 A2 1234 below_floor
        A1 0 0 0 0
        A2 0 0 0 0
    """,
    "an account that cannot be positive": """
        open A1 ceiling=0
        open A2
        move T1 A2 A1 1234 above_ceiling
        A1 0 0 0 0
        A2 0 0 0 0
    """,
    "a transfer": """
        open A1
        open A2
        move T1 A1 A2 1234
        A1 0 1234 0 0
        A2 0 0 0 1234
    """,
    "several transfers at once": """
        open A1
        open A2
        open A3
        linked
        move T1 A1 A2 10
        move T2 A2 A3 20
        move T3 A3 A1 50
        end
        A1 0 10 0 50
        A2 0 20 0 10
        A3 0 50 0 20
    """,
    "several transfers of which one is bad": """
        open A1
        open A2
        open A3 ceiling=0
        linked
        move T1 A1 A2 10
        move T2 A2 A3 20
        move T3 A3 A1 50
        end refused
        A1 0 0 0 0
        A2 0 0 0 0
        A3 0 0 0 0
    """,
    "several transfers of which the last goes below zero": """
        open A1
        open A2 floor=0
        linked
        move T1 A1 A2 10
        move T2 A1 A2 20
        move T3 A2 A1 50
        end refused
        A1 0 0 0 0
        A2 0 0 0 0
    """,
    "an account that is not there": """
        open A1
        move T1 A1 A9 1234 unknown_account
        move T2 A9 A1 1234 unknown_account
        A1 0 0 0 0
    """,
    "entries one after another": """
        open A1
        open A2
        move T1 A1 A2 5
        A1 0 5 0 0
        move T2 A1 A2 10
        A1 0 15 0 0
        move T3 A2 A1 20
        A1 0 15 0 20
        A2 0 20 0 15
    """,
    "amounts are above zero": """
        open A1
        open A2
        move T1 A1 A2 0 amount_zero
        hold T2 A1 A2 -1 amount_negative
        A1 0 0 0 0
    """,
    "a transfer to itself": """
        open A1
        move T1 A1 A1 10 duplicate_leg
        A1 0 0 0 0
    """,
}
