"""What the clock makes the notifier do: remind, deliver, tidy up."""
