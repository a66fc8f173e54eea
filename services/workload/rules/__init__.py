"""What workload decides. Pure: neither clock nor database nor bus."""
