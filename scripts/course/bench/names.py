"""The names of workloads, contestants, configurations and measures, in the results, tables, plots and targets alike."""

# In the order in which they are measured and shown.
WORKLOADS = ["hot", "dispatch", "ctl", "echo", "echo-sizes", "chat", "chat-sizes", "slow", "memory", "instructions", "calls",
             "growth"]
CONTESTANTS = ["raw", "raw-uring", "ours", "libevent", "libev", "libuv", "asio", "python", "asyncio"]

FLOORS = ("raw", "raw-uring")  # of the readiness and of the completion model: no peers
OURS_TYPED = "ours, typed data"  # with a type of its own as data in place of a std::function
OURS_LINES = "ours, with lines"  # the lesson's server without --quiet, its lines going to a file
OURS_CALLBACKS = "ours, callbacks"  # lesson 06's callback-server
OURS_COROUTINES = "ours, coroutines"  # and the same work in beyond/coroutines
RAW_LINES = "raw, with lines"  # writes as many bytes: what the lines cost at the least

PER_EVENT = "time per event"
TOTAL = "total"
REQUESTS = "requests per second"
CPU_PER_REQUEST = "server CPU per request"
MEDIAN_LATENCY = "median latency"
P99_LATENCY = "p99 latency"
THROUGHPUT = "throughput"
DELIVERIES = "deliveries per second"
CPU_PER_DELIVERY = "server CPU per delivery"
PEAK_GROWTH = "resident memory, growth at the most"
NEVER_USED = "never used"
INSTRUCTIONS = "instructions"
CALLS = "system calls"
FAILED = "failed"  # the measure of a sample that says why there is no figure; its unit is the message

HOT_100 = "hot event, 100 active"
HOT_1 = "hot event, 1 active"
DISPATCH_100 = "dispatch event, 100 active"
CTL = "ctl, each descriptor"
LARGE_ECHO = "echo request, 49,152 bytes"
CHAT_DELIVERY = "chat delivery, 100 members"
ONE_DEAF = "20 members that read"

GROWS_HOT_1 = "each event of hot, 1 active"
GROWS_HOT_100 = "each event of hot, 100 active"
GROWS_CTL = "each descriptor of ctl"

MESSAGE_SIZES = [64, 1000, 5000, 16384, 65536, 1000000]


def is_ours(contestant: str) -> bool:
    """True for one of ours, whichever variant."""
    return contestant.startswith("ours")


def active_of(active: int, descriptors: int) -> str:
    """A configuration of hot or dispatch."""
    return f"{active} active of {descriptors}"


def connections(count: int) -> str:
    """So many connections."""
    return f"{count} connection" + ("" if count == 1 else "s")


def echo_of(count: int, size: int) -> str:
    """A configuration of echo."""
    return f"{connections(count)}, {size} bytes"


def echo_request(count: int) -> str:
    """What is counted of an echo server."""
    return f"echo request, {connections(count)}"


def ours_on(facility: str) -> str:
    """Ours on one of the kernel's facilities."""
    return f"ours on {facility}"
