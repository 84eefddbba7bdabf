"""The books: every month as a beancount file, written, loaded back with beancount's own loader, and compared.

The database is the truth; these files are the second, independent implementation. Anyone can audit them with stock
`bean-check`, `bean-query` and Fava, today and in twenty years. Writing needs no beancount; loading does, and this package
is the only place in the project that imports it.

How a book is laid out:

* one file per month of `effective_on`, complete in itself: opens, opening balances, the month's entries, balance
  assertions on the 1st of the next month, and the seal once the month is closed;
* `book.beancount` with the whole history, and `audit.beancount` that runs our plugin over it;
* amounts of open holds stand on mirror accounts, `Liabilities:Held:Member:M00042` for `Liabilities:Member:M00042`, so
  that beancount adds them up too and balances are what is posted;
* entries without amounts (accounts opened, bounds changed, batches, months closed) are `custom "entry"` directives.
"""

from ledger.books.compare import Row, compare, row_of
from ledger.books.export import export, export_months
from ledger.books.load import BookDoesNotLoad, check, load
from ledger.books.proof import prove
from ledger.books.rebuild import Recovered, read_books, rebuild
from ledger.books.write import BookData, write_book, write_month

__all__ = [
    "BookData",
    "BookDoesNotLoad",
    "Recovered",
    "Row",
    "check",
    "compare",
    "export",
    "export_months",
    "load",
    "prove",
    "read_books",
    "rebuild",
    "row_of",
    "write_book",
    "write_month",
]
