"""The office's own files: read, judged row by row, saved in one unit per file, asked about where they are doubtful."""
