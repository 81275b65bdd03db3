#include "gallery.hpp"

#include "demonstrations.hpp"

#include <array>

namespace pitfalls {

std::span<const Pitfall> gallery() {
  using enum Needs;
  static const std::array all = {
      Pitfall{1, "partial-send", "the rest of a partial send is dropped", "partial-send", "MULTICONN_SERVER", read_late,
              "then nothing|it received"},
      Pitfall{2, "would-block", "'would block' is treated as an error", "would-block", "MULTICONN_SERVER", never_read,
              "temporarily unavailable"},
      Pitfall{3, "one-reset", "one reset ends the server", "one-reset", "MULTICONN_SERVER", reset_one,
              "Connection reset by peer"},
      Pitfall{4, "sigpipe", "SIGPIPE kills the process", "sigpipe", "MULTICONN_SERVER", leave_while_spoken_to,
              "killed by signal 13"},
      Pitfall{5, "end-with-output", "the end of input comes while output is waiting", "half-close", "MULTICONN_SERVER",
              end_while_output_waits, "Bad file descriptor"},
      Pitfall{6, "half-close", "a half-close truncates the answer", "half-close", "MULTICONN_SERVER",
              say_much_then_half_close, "it received"},
      Pitfall{7, "blocking-listener", "accept() waits for a client that has gone", "blocking-listener",
              "MULTICONN_SERVER", steal_the_connection, "only 0 came", strace},
      Pitfall{8, "accept-errors", "a temporary error from accept() is fatal", "accept-errors", "MULTICONN_SERVER",
              fail_accept_once, "accept: Software caused connection abort", strace},
      Pitfall{9, "out-of-descriptors", "no descriptors left: the loop spins", "out-of-descriptors", "MULTICONN_SERVER",
              take_all_descriptors, "ticks"},
      Pitfall{10, "write-always", "always asking for write events", "write-always", "MULTICONN_SERVER", be_idle,
              "ticks"},
      Pitfall{11, "end-ignored", "the end of the input is ignored", "end-ignored", "MULTICONN_SERVER",
              connect_and_leave, "ticks"},
      Pitfall{12, "decoding", "bytes that are not UTF-8 end the server", "decoding", "CHAT_SERVER", say_bytes,
              "not UTF-8"},
      Pitfall{13, "framing", "one recv() is taken for one message", "framing", "CHAT_SERVER", say_it_in_pieces,
              "it received"},
      Pitfall{14, "unbounded-output", "output piles up without a limit", "unbounded", "MULTICONN_SERVER", pile_up,
              "KiB"},
      Pitfall{15, "quadratic-output", "every send() moves all the remaining output", "unbounded", "MULTICONN_SERVER",
              drain_a_pile, "ticks|then nothing"},
      Pitfall{16, "no-reuse-address", "the port cannot be bound again", "no-reuse-address", "MULTICONN_SERVER",
              start_again, "Address already in use"},
      Pitfall{17, "first-to-leave", "the first client to leave stops the server", "first-to-leave", "MULTICONN_SERVER",
              leave_first, "status 0"},
      Pitfall{18, "peer-name", "asking for the name of a peer that has gone", "peer-name", "MULTICONN_SERVER",
              reset_one, "getpeername"},
      Pitfall{19, "first-chunk", "the client leaves after the first piece", "first-chunk", "ECHO_CLIENT",
              answer_in_pieces, "status 0|Broken pipe|reset"},
      Pitfall{20, "client-end-ignored", "the client spins when the server has finished", "client-end-ignored",
              "ECHO_CLIENT", end_the_answer_early, "still running"},
      Pitfall{21, "failed-connect", "the result of connect() is never checked", "failed-connect", "MULTICONN_CLIENT",
              refuse_the_connection, "status 0"},
      Pitfall{22, "closed-neighbour", "closing a neighbour that is ready too", "neighbour", "CHAT_SERVER",
              reset_a_neighbour, "not registered"},
      Pitfall{23, "flooder", "one client that never stops starves the others", "flooder", "MULTICONN_SERVER", flood,
              "lines"},
      Pitfall{24, "backlog", "the backlog of the listening socket is too short", "backlog", "ECHO_SERVER",
              come_many_at_once, "timed out"},
      Pitfall{25, "localhost", "localhost is ::1 for the server and 127.0.0.1 for the client", "localhost",
              "MULTICONN_SERVER", look_localhost_up, "refused|assign requested address"},
      Pitfall{26, "unread-input", "closing with unread input resets the connection", "unread-input", "CHAT_CLIENT",
              talk_while_it_leaves, "reset"},
      Pitfall{27, "log-flood", "the log blocks the server", "log-flood", "MULTICONN_SERVER",
              take_all_descriptors_unread, "only 0 came"},
      Pitfall{28, "small-writes", "small writes wait for an acknowledgement", "small-writes", "MULTICONN_SERVER",
              talk_at_length, "took 35 ms or more"},
      Pitfall{29, "vanished-peer", "the peer vanishes without a word", "vanished-peer", "MULTICONN_SERVER", vanish,
              "still holds 3", namespaces},
      Pitfall{30, "self-connect", "a client connects to itself", "self-connect", "ECHO_CLIENT", listen_to_nobody,
              "status 0"},
  };
  return all;
}

}  // namespace pitfalls
