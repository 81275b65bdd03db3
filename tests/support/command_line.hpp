// What every program promises about its command line.
#pragma once

#include "program.hpp"

namespace support {

/// `--help` is usage and status 0; a bad argument and an unknown host are one clear line and a status other than 0.
void check_command_line(std::string_view variable);

/// A port that somebody else listens on is one clear line that names it, and a status other than 0.
void check_port_in_use(std::string_view variable);

/// The program can be started again on its port at once, although it was ended while a client was connected: the side
/// that closes first keeps the port in TIME_WAIT.
void check_comes_back(Story& story, const Command& program);

/// The same with a story of its own.
void check_comes_back(std::string_view variable);

/// The program listens on the address that it was given, IPv6 too, and prints its port.
void check_ipv6(std::string_view variable);

}  // namespace support
