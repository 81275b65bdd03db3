// Loads in which every turn of the server is the same, however fast the machine: it is stopped while all speak, and
// goes on when all that they said waits for it.
#pragma once

#include "running.hpp"

#include <cstddef>

namespace bench {

/// So many times: each connection asks once, and all are answered.
void echo_in_lockstep(Service& service, std::size_t connections, std::size_t turns);

/// So many times: four members say four messages of 64 bytes each, and all hear them.
void chat_in_lockstep(Service& service, std::size_t members, std::size_t turns);

/// Of one such turn.
std::size_t lockstep_deliveries(std::size_t members);

}  // namespace bench
