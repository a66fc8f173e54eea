"""What runs inside the router's worker process: rights, endings and pages; nothing of any one service."""
