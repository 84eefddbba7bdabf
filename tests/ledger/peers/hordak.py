"""The cases of django-hordak's own tests that both of us can express, after `hordak/tests/models` and `test_worked_examples.py`.

Its `transfer_to` credits the source and debits the destination. Cents are whole numbers here, its days are 10 to 26 years later, its
trading account is one of equity. What we do otherwise on purpose: legs are signed, so an amount below zero is the other side.
"""

STORIES = {
    "two incomes into a bank": """
        open Assets:Bank
        open Income:One
        open Income:Two
        to T1 Income:One Assets:Bank 100
        to T2 Income:Two Assets:Bank 50
        below Income 150
        balance Assets:Bank 150
    """,
    "from asset to asset": """
        open Assets:One
        open Assets:Two
        to T1 Assets:One Assets:Two 500
        balance Assets:One -500
        balance Assets:Two 500
        Assets:One 0 0 0 500                 # the source is credited
        Assets:Two 0 500 0 0
    """,
    "each kind of account calls its own side a gain": """
        open Assets:A
        open Liabilities:L
        open Income:I
        open Income:I2
        open Expenses:E
        to T1 Income:I Income:I2 100
        balance Income:I 100
        balance Income:I2 -100
        to T2 Income:I Assets:A 100
        balance Income:I 200
        balance Assets:A 100
        to T3 Assets:A Income:I 100
        balance Assets:A 0
        balance Income:I 100
        to T4 Liabilities:L Expenses:E 100
        balance Liabilities:L 100
        balance Expenses:E 100
        to T5 Expenses:E Liabilities:L 100
        balance Liabilities:L 0
        balance Expenses:E 0
        to T6 Liabilities:L Assets:A 100
        balance Liabilities:L 100
        balance Assets:A 100
        to T7 Assets:A Liabilities:L 100
        balance Liabilities:L 0
        balance Assets:A 0
        to T8 Assets:A Expenses:E 100
        balance Assets:A -100
        balance Expenses:E 100
        balanced
    """,
    "from liability to liability": """
        open L1
        open L2
        to T1 L1 L2 100
        balance L1 100
        balance L2 -100
        balanced
    """,
    "rent by an invoice": """
        open Assets:Cash
        open Expenses:Rent
        open Payable
        to T1 Payable Expenses:Rent 1000
        balance Expenses:Rent 1000
        balance Payable 1000
        to T2 Assets:Cash Payable 1000
        balance Assets:Cash -1000
        balance Payable 0
        balance Expenses:Rent 1000
    """,
    "a loan with its fee and a first repayment": """
        open Assets:Cash
        open Expenses:Fees
        open Loan
        to T1 Loan Assets:Cash 10000
        to T2 Loan Expenses:Fees 1000
        balance Assets:Cash 10000
        balance Expenses:Fees 1000
        balance Loan 11000
        to T3 Assets:Cash Loan 100
        balance Assets:Cash 9900
        balance Loan 10900
    """,
    "one currency for another": """
        open Assets:Pounds
        open Equity:Trading
        open Equity:Trading in=PTS
        open Assets:Euros in=PTS
        to T1 Assets:Pounds Equity:Trading 100
        to T2 Equity:Trading Assets:Euros 110 in=PTS
        balance Assets:Pounds -100
        balance Equity:Trading -100
        balance Equity:Trading 110 in=PTS
        balance Assets:Euros 110 in=PTS
        balanced
    """,
    "an account that does not know the currency": """
        open Assets:One
        open Income:Two
        to T1 Income:Two Assets:One 100 foreign_commodity in=PTS
        balance Assets:One 0
        to T2 Income:Two Assets:One 100
        balance Assets:One 100
    """,
    "one credit, two debits": """
        open Income:One
        open Income:Two
        open Income:Three
        legs T1 Income:One -100 Income:Two 40 Income:Three 60
        balance Income:One 100
        balance Income:Two -40
        balance Income:Three -60
    """,
    "cents": """
        open Owed
        open Assets:One
        open Assets:Two
        legs T1 Owed -10012 Assets:One 8006 Assets:Two 2006
        balance Owed 10012
        below Assets 10012
        legs T2 Owed -2 Assets:One 1 Assets:Two 1
        balance Assets:One 8007
    """,
    "legs that do not come to zero": """
        open Income:One
        open Income:One in=PTS
        open Income:Two
        legs T1 Income:One -100 too_few_legs
        legs T2 Income:One -100 Income:One 100:PTS unbalanced
        legs T3 Income:One 0 Income:Two 0 amount_zero
        to T4 Income:One Income:Two -1
        balance Income:One -1                # a debit below zero is a credit: legs are signed
    """,
    "a balance on a day": """
        open Income:One
        open Income:Two
        balance Income:One 0
        legs T1 Income:One -100 Income:Two 100 on=2026-06-01
        legs T2 Income:One -50 Income:Two 50 on=2026-06-15
        balance Income:One 0 on=2026-01-01
        balance Income:One 100 on=2026-06-01
        balance Income:One 100 on=2026-06-10
        balance Income:One 150 on=2026-06-15
        balance Income:One 150 on=2026-11-20
    """,
    "days that were written down backwards": """
        open Income:One
        open Income:Two
        to T1 Income:Two Income:One 70 on=2026-01-15
        to T2 Income:One Income:Two 50 on=2026-01-10
        to T3 Income:One Income:Two 100 on=2026-01-05
        to T4 Income:One Income:Two 100 on=2026-01-01
        balance Income:One 100 on=2026-01-01
        balance Income:One 200 on=2026-01-05
        balance Income:One 250 on=2026-01-10
        balance Income:One 180 on=2026-01-15
        balance Income:Two -100 on=2026-01-01
        balance Income:Two -200 on=2026-01-05
        balance Income:Two -250 on=2026-01-10
        balance Income:Two -180 on=2026-01-15
    """,
    "two of one day each": """
        open Income:One
        open Income:Two
        to T1 Income:One Income:Two 50 on=2026-01-15
        to T2 Income:Two Income:One 70 on=2026-01-15
        to T3 Income:One Income:Two 110 on=2026-01-05
        to T4 Income:One Income:Two 100 on=2026-01-05
        balance Income:One 0 on=2026-01-04
        balance Income:One 210 on=2026-01-05
        balance Income:One 210 on=2026-01-14
        balance Income:One 190 on=2026-01-15
    """,
    "an account and its child": """
        open Income:One
        open Income:One:Child
        open Income:Two
        legs T1 Income:One -50 Income:One:Child -50 Income:Two 100
        below Income:One 100
        balance Income:One 50
        balance Income:One:Child 50
    """,
    "only the branch, only up to the day": """
        open Liabilities:Parent:Child
        open Expenses:Other
        open Income:Others
        open Income:Others2
        to T1 Liabilities:Parent:Child Expenses:Other 100 on=2026-01-15
        to T2 Liabilities:Parent:Child Expenses:Other 110 on=2026-01-16
        to T3 Income:Others Income:Others2 50
        below Liabilities:Parent 100 on=2026-01-15
        below Liabilities:Parent 210
        below Expenses 210
    """,
    "a painting that gains": """
        open Assets:Cash
        open Equity:Owner
        open Assets:Painting:Cost
        open Assets:Painting:Gain
        open Income:Realised
        open Income:Unrealised
        to T1 Equity:Owner Assets:Cash 100000
        balance Equity:Owner 100000
        to T2 Assets:Cash Assets:Painting:Cost 100000
        balance Assets:Cash 0
        balance Assets:Painting:Cost 100000
        to T3 Income:Unrealised Assets:Painting:Gain 10000
        balance Assets:Painting:Gain 10000
        balance Income:Unrealised 10000
        to T4 Income:Unrealised Assets:Painting:Gain 20000
        balance Assets:Painting:Gain 30000
        below Assets:Painting 130000
        to T5 Income:Realised Income:Unrealised 30000
        to T6 Assets:Painting:Cost Assets:Cash 100000
        to T7 Assets:Painting:Gain Assets:Cash 30000
        balance Assets:Cash 130000
        below Assets:Painting 0
        balance Income:Realised 30000
        balance Income:Unrealised 0
        balanced
    """,
    "rent three months ahead": """
        open Assets:Cash
        open Assets:Prepaid
        open Expenses:Rent
        to T1 Assets:Cash Assets:Prepaid 3000
        balance Assets:Cash -3000
        balance Assets:Prepaid 3000
        to T2 Assets:Prepaid Expenses:Rent 1000
        balance Expenses:Rent 1000
        balance Assets:Prepaid 2000
        to T3 Assets:Prepaid Expenses:Rent 1000
        balance Assets:Prepaid 1000
        to T4 Assets:Prepaid Expenses:Rent 1000
        balance Assets:Cash -3000
        balance Expenses:Rent 3000
        balance Assets:Prepaid 0
        balanced
    """,
    "gas that is billed every three months": """
        open Assets:Cash
        open Expenses:Gas
        open Payable
        to T1 Payable Expenses:Gas 100
        to T2 Payable Expenses:Gas 100
        balance Payable 200
        to T3 Payable Expenses:Gas 100
        balance Expenses:Gas 300
        balance Payable 300
        balance Assets:Cash 0
        to T4 Assets:Cash Payable 300
        balance Assets:Cash -300
        balance Expenses:Gas 300
        balance Payable 0
        balanced
    """,
    "a household of two, for a month": """
        open Assets:Bank
        open Liabilities:Power
        open Liabilities:Rates
        open Income:Mate:One
        open Income:Mate:Two
        open Expenses:Rent
        open Expenses:Power
        open Expenses:Rates
        open Expenses:Food
        to T1 Assets:Bank Expenses:Food 35
        to T2 Assets:Bank Expenses:Food 35
        balance Assets:Bank -70
        balance Expenses:Food 70
        to T3 Assets:Bank Expenses:Rent 1000
        balance Assets:Bank -1070
        balance Expenses:Rent 1000
        to T4 Income:Mate:One Assets:Bank 620
        to T5 Income:Mate:Two Assets:Bank 620
        below Income:Mate 1240
        legs T6 Income:Mate:One 620 Expenses:Rent -500 Expenses:Power -20 Expenses:Rates -30 Expenses:Food -70
        legs T7 Income:Mate:Two 620 Expenses:Rent -500 Expenses:Power -20 Expenses:Rates -30 Expenses:Food -70
        balance Assets:Bank 170
        below Income:Mate 0
        balance Expenses:Rent 0
        balance Expenses:Power -40
        balance Expenses:Rates -60
        balance Expenses:Food -70
        to T8 Assets:Bank Expenses:Food 35
        to T9 Assets:Bank Expenses:Food 35
        balance Assets:Bank 100
        balance Expenses:Food 0
        to T10 Liabilities:Power Expenses:Power 40
        to T11 Liabilities:Rates Expenses:Rates 60
        below Expenses 0
        balance Liabilities:Power 40
        balance Liabilities:Rates 60
        below Liabilities 100
        balance Assets:Bank 100
        balanced
    """,
}
