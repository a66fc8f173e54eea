"""What the notifier answers: one module per noun."""
