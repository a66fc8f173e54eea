"""What the notifier decides: about tasks, about reminders, about messages."""
