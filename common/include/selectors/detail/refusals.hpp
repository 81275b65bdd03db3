/// @file
/// The errors that a selector throws, whatever its data. Their texts name the call, the descriptor and the reason.
#pragma once

#include <selectors/facility.hpp>

namespace selectors::detail {

/// Throws ValueError: the mask is empty, or has unknown bits.
[[noreturn]] void throw_bad_mask(EventMask events, int fd);

/// Throws ValueError: the socket to register is closed or empty.
[[noreturn]] void throw_no_descriptor(int fd);

/// Throws KeyError: the descriptor is not registered.
[[noreturn]] void throw_not_registered(const char* call, int fd);

/// Throws KeyError: the descriptor is already registered.
[[noreturn]] void throw_registered(int fd);

/// Throws StaleKeyError: the key is there, but its descriptor was closed or taken out of it.
[[noreturn]] void throw_stale(const char* call, int fd, Standing standing);

/// Throws ValueError: the selector is closed.
[[noreturn]] void throw_closed(const char* call);

/// Throws ValueError: the selector was inherited by fork(2).
[[noreturn]] void throw_inherited(const char* call);

}  // namespace selectors::detail
