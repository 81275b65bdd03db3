// What is done to the programs of the gallery. Each function returns if the program survives, and throws
// support::Failed, with the story so far, if the program fails.
#pragma once

#include "support/process.hpp"
#include "support/story.hpp"

namespace pitfalls {

using support::Command;
using support::Story;

// sending.cpp
void read_late(Story& story, const Command& program);
void never_read(Story& story, const Command& program);
void say_much_then_half_close(Story& story, const Command& program);
void end_while_output_waits(Story& story, const Command& program);
void pile_up(Story& story, const Command& program);
void drain_a_pile(Story& story, const Command& program);

// leaving.cpp
void reset_one(Story& story, const Command& program);
void leave_while_spoken_to(Story& story, const Command& program);
void connect_and_leave(Story& story, const Command& program);
void leave_first(Story& story, const Command& program);
void reset_a_neighbour(Story& story, const Command& program);

// accepting.cpp
void steal_the_connection(Story& story, const Command& program);
void fail_accept_once(Story& story, const Command& program);
void take_all_descriptors(Story& story, const Command& program);
void take_all_descriptors_unread(Story& story, const Command& program);
void come_many_at_once(Story& story, const Command& program);
void start_again(Story& story, const Command& program);
void look_localhost_up(Story& story, const Command& program);

// talking.cpp
void be_idle(Story& story, const Command& program);
void say_bytes(Story& story, const Command& program);
void say_it_in_pieces(Story& story, const Command& program);
void flood(Story& story, const Command& program);
void talk_at_length(Story& story, const Command& program);

// vanishing.cpp
void vanish(Story& story, const Command& program);

// clients.cpp
void answer_in_pieces(Story& story, const Command& program);
void end_the_answer_early(Story& story, const Command& program);
void refuse_the_connection(Story& story, const Command& program);
void talk_while_it_leaves(Story& story, const Command& program);
void listen_to_nobody(Story& story, const Command& program);

}  // namespace pitfalls
