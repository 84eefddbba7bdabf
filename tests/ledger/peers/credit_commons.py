"""The cases of the Credit Commons node's own tests that both of us can express, after `tests/SingleNodeTest.php` and its accounts.

The accounts and bounds are those of its `AccountStore/store.json`, the fees those of its example of business logic: 1 % each from payer
and payee, rounded up, to the administrator. There a finished transaction is erased; here it is taken back by another. A summary's
gross income and expenditure are our credits and debits.
"""

STORIES = {
    "transactions that are none": """
        open Admin floor=-500 ceiling=500
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        move T1 Alice Alice 1 duplicate_leg
        move T2 Alice Aaaaaaaaaaa 1 unknown_account
        move T3 Alice Admin 999999999 below_floor
        move T4 Alice Bob 0 amount_zero
        move T5 Bob Alice 1000000000 below_floor
        Alice 0 0 0 0
        Bob 0 0 0 0
    """,
    "both bounds, to the last unit": """
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        move T1 Alice Bob 101 below_floor
        move T2 Alice Bob 100
        move T3 Alice Bob 1 below_floor
        balance Alice -100
        balance Bob 100
        open Admin floor=-500 ceiling=500
        move T4 Admin Bob 1 above_ceiling
        move T5 Bob Alice 200
        balance Alice 100
        balance Bob -100
        move T6 Admin Alice 1 above_ceiling
        balanced
    """,
    "finished at once": """
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        move T1 Bob Alice 1
        balance Alice 1
        balance Bob -1
        move T1 Bob Alice 1 replayed
        balanced
    """,
    "a bill: pending, signed, erased": """
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        hold T1 Alice Bob 10
        Bob 0 0 10 0                         # pending: gross income 10; what is finished has not changed
        balance Bob 0
        settle T2 T1 10
        Bob 0 0 0 10
        balance Bob 10
        balance Alice -10
        settle T3 T1 10 hold_ended
        reverse T4 T2
        balance Bob 0
        balance Alice 0
        reverse T5 T2 already_reversed
    """,
    "a bill that is erased before it is signed": """
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        hold T1 Alice Bob 1
        void T2 T1
        settle T3 T1 1 hold_ended
        Alice 0 0 0 0
        Bob 0 0 0 0
    """,
    "a bill with a fee from either side": """
        open Admin floor=-500 ceiling=500
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        linked
        hold T1 Alice Bob 10
        hold T2 Bob Admin 1
        hold T3 Alice Admin 1
        end
        Bob 1 0 10 0                         # income 10, expenditure 1: balance 9, volume 11
        Alice 11 0 0 0
        Admin 0 0 2 0
        linked
        settle T4 T1 10
        settle T5 T2 1
        settle T6 T3 1
        end
        Bob 0 1 0 10
        balance Bob 9
        balance Alice -11
        balance Admin 2
        balanced
    """,
    "a fee that passes the bound takes the whole with it": """
        open Admin floor=-500 ceiling=500
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        linked
        move T1 Alice Bob 100
        move T2 Bob Admin 1
        move T3 Alice Admin 1
        end refused
        balance Alice 0
        balance Bob 0
        balance Admin 0
    """,
    "25 into a branch, of which two ledgers say the same": """
        open Alice floor=-100 ceiling=100
        open Branch floor=-500 ceiling=500
        open Trunkward floor=-500 ceiling=500
        open There floor=-100 ceiling=100
        linked
        move T1 Alice Branch 25              # on the payer's ledger
        move T2 Trunkward There 25           # on the payee's
        end
        balance Alice -25
        balance Branch 25
        balance Trunkward -25
        balance There 25
        balanced
    """,
    "an account goes back to zero before it is closed": """
        open Alice floor=-100 ceiling=100
        open Bob floor=-100 ceiling=100
        move T1 Alice Bob 10
        balance Alice -10
        balance Bob 10
        balanced
        close Bob account_not_empty
        move T2 Bob Alice 10
        close Bob
        close Alice
    """,
}
