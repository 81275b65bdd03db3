"""The benchmark: measures the library and the lessons' servers beside raw epoll and the peers that are installed.

It begins in `run`, which is imported only when the benchmark runs, because it needs more than Python's standard library."""
