"""What programs ask of the kernel: events, read from the log of strace, and what a reader is shown of them."""
