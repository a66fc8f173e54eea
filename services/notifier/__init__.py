"""Tasks with reminders that stop when they are done, and telling people of what concerns them, by event and by mail."""
