"""What waits for a signature: the signatory's queue, every way to sign, and declaring void."""
