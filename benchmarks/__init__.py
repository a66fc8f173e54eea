"""What is measured, against the bare router, and how to repeat it: `make bench`."""
