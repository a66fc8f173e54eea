"""Packages and what is in them: programmes, modules, activities, allocations, posts, and the loads that come of it."""
