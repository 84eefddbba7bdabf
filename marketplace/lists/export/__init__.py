"""Lists written back: csv and workbooks (`files`), pages to print (`pages`), each line in the words of its columns (`lines`, `people`)."""

from marketplace.lists.export.files import csv_of, table_of, words_of, xlsx_of
from marketplace.lists.export.pages import page_of

__all__ = ["csv_of", "page_of", "table_of", "words_of", "xlsx_of"]
