"""Places as those see them who look after them: the open needs below a grid, the sums below a street."""
