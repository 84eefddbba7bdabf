"""Speed and memory as ratios inside one run, never as timed tests."""
