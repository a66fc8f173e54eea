"""Events recorded in the same commit as the change, relayed to the router, replayed and followed."""
