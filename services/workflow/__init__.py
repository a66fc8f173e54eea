"""Workflow: definitions of states, assessments that move through them, and the ledger of who signed what."""
