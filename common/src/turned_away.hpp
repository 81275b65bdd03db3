#pragma once

namespace selectors {

/// Reports that a client of this listening socket could not be accepted, for the reason in `error` (an errno). Calls
/// the handler if this begins an incident.
void tell_turned_away(int fd, int error);

}  // namespace selectors
