/// @file
/// The errors that a selector throws, whatever its data; they name the call, the descriptor and the reason.
#pragma once

#include <selectors/facility.hpp>

namespace selectors::detail {

/// The mask asks for nothing, or for what is not known.
[[noreturn]] void throw_bad_mask(EventMask events, int fd);

/// The socket to register is closed or empty.
[[noreturn]] void throw_no_descriptor(int fd);

/// No such key.
[[noreturn]] void throw_not_registered(const char* call, int fd);

/// There is such a key already.
[[noreturn]] void throw_registered(int fd);

/// There is such a key, but its descriptor was closed or taken out of it: a StaleKeyError.
[[noreturn]] void throw_stale(const char* call, int fd, Standing standing);

/// The selector was closed.
[[noreturn]] void throw_closed(const char* call);

/// The selector came into this process by fork(2).
[[noreturn]] void throw_inherited(const char* call);

}  // namespace selectors::detail
