#pragma once

namespace selectors {

/// A client of this listening socket was turned away, for the reason in `error` (an errno): tells the handler if this
/// begins an episode.
void tell_turned_away(int fd, int error);

}  // namespace selectors
