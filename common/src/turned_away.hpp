#pragma once

namespace selectors {

/// A client of this listening socket could not be accepted, for the reason in `error` (an errno): calls the handler if
/// this begins an incident.
void tell_turned_away(int fd, int error);

}  // namespace selectors
