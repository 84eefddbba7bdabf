"""The cases of Komunitin's own tests that both of us can express, after `accounting/test/server` and `accounting/test/ledger`.

Every account there has a credit limit of 1000, here a floor of -1000. A payment that is new or pending there sets nothing aside; here
it does (that is what a hold is for), and a balance shows it only when it is settled. Who may do what is no matter of the ledger.
"""

HUNDRED = "\n".join(f"move H{number} A1 A2 5" for number in range(100))

STORIES = {
    "payments, at once and in two steps": """
        open A1 floor=-1000
        open A2 floor=-1000
        move T1 A1 A2 100
        balance A1 -100
        balance A2 100
        move T2 A1 A2 40
        balance A1 -140
        balance A2 140
        hold T3 A1 A2 30
        balance A1 -140
        balance A2 140
        settle T4 T3 30
        balance A1 -170
        balance A2 170
        move T5 A1 A2 900 below_floor
        limits A1 floor=-2000
        move T6 A1 A2 900
        balance A1 -1070
        balance A2 1070
        balanced
    """,
    "payments that are none": """
        open A1 floor=-1000
        open A2 floor=-1000
        hold T1 A1 A2 -10 amount_negative
        move T2 A1 A2 0 amount_zero
        move T3 A1 A1 10 duplicate_leg
        move T4 A9 A1 10 unknown_account
        move T5 A1 A9 10 unknown_account
        move T6 A1 A2 10.5 not_whole_number
        move T7 A1 A2 1001 below_floor
        balance A1 0
        balance A2 0
    """,
    "another amount for another payee before it is paid": """
        open A0 floor=-1000
        open A1 floor=-1000
        open A2 floor=-1000
        hold T1 A1 A2 100
        linked
        void T2 T1
        hold T3 A1 A0 200
        end
        settle T4 T3 200
        settle T5 T1 100 hold_ended
        balance A0 200
        balance A1 -200
        balance A2 0
    """,
    "a request that is accepted, one that is not": """
        open A1 floor=-1000
        open A2 floor=-1000
        move T1 A1 A2 100
        balance A1 -100
        balance A2 100
        hold T2 A2 A1 100
        balance A1 -100
        balance A2 100
        settle T3 T2 100
        balance A1 0
        balance A2 0
        hold T4 A2 A1 100
        void T5 T4
        balance A1 0
        balance A2 0
        void T6 T2 hold_ended                # what is paid cannot be turned down
        settle T7 T4 100 hold_ended          # nor paid what was turned down
        void T8 T1 unknown_hold              # nor a payment deleted
    """,
    "a limit that grows with what one received": """
        open A1 floor=-1000
        open A2 floor=-1000
        move T1 A1 A2 200
        limits A2 floor=-1200
        balance A1 -200
        balance A2 200
        move T2 A2 A1 1401 below_floor
        move T3 A2 A1 1400
        limits A1 floor=-1300
        balance A1 1200
        balance A2 -1200
        open A0 floor=-1000
        move T4 A0 A1 300
        balance A0 -300
        balance A1 1500
    """,
    "a limit below where one stands": """
        open A1 floor=-1000
        open A2 floor=-1000 ceiling=20000
        move T1 A1 A2 200
        limits A1 below_floor floor=-100
        move T2 A1 A2 800
        move T3 A1 A2 1 below_floor
        balance A1 -1000
    """,
    "paid when nobody objected in time": """
        open A1 floor=-1000
        open A2 floor=-1000
        hold T1 A1 A2 100
        balance A1 0
        tick 1s
        settle T2 T1 100
        balance A1 -100
        balance A2 100
    """,
    "four at once, and a hundred": f"""
        open A0 floor=-1000
        open A1 floor=-1000
        open A2 floor=-1000
        at once
        move T1 A1 A2 5
        move T2 A1 A0 5
        move T3 A1 A2 5
        move T4 A1 A0 5
        end
        balance A1 -20
        balance A2 10
        balance A0 10
        at once
        {HUNDRED}
        end
        balance A1 -520
        balance A2 510
    """,
    "ten at once, from 1 to 10": """
        open A1 floor=-1000
        open A2 floor=-1000
        at once
        move T1 A1 A2 1
        move T2 A1 A2 2
        move T3 A1 A2 3
        move T4 A1 A2 4
        move T5 A1 A2 5
        move T6 A1 A2 6
        move T7 A1 A2 7
        move T8 A1 A2 8
        move T9 A1 A2 9
        move T10 A1 A2 10
        end
        balance A1 -55
        balance A2 55
    """,
    "a credit to begin with, and an account that ends": """
        open A1 floor=0
        open A2 floor=0
        put A1 1000
        balance A1 1000
        put A2 1000
        move T1 A1 A2 100
        balance A1 900
        balance A2 1100
        close A2 account_not_empty           # there what it holds goes back to the community by itself
        put A2 -1100
        close A2
        move T2 A1 A2 1 account_closed
    """,
    "from one community's currency to another's": """
        open A1 floor=0                      # 1 here is a tenth of an hour, 1 there half an hour
        open Equity:Trader
        open Equity:Trader in=PTS
        open A2 floor=0 in=PTS
        open Equity:Issuer in=PTS
        put A1 1000
        move T1 Equity:Issuer A2 1000 in=PTS
        legs T2 A1 25 Equity:Trader -25 Equity:Trader 5:PTS A2 -5:PTS
        balance A1 975
        balance A2 1005 in=PTS
        legs T3 A2 1:PTS Equity:Trader -1:PTS Equity:Trader 5 A1 -5
        balance A1 980
        balance A2 1004 in=PTS
        balance Equity:Trader 20
        balance Equity:Trader -4 in=PTS
        balanced
    """,
}
