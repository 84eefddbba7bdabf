"""Hours saved on paper before this book began, brought forward by two people."""
