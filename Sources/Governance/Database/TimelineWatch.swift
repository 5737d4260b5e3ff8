// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Knows an old primary that comes back: the one that was promoted in its place is on a later timeline.
///
/// What has been seen is remembered for as long as the process lives, and of one database system: another one
/// under the same address, restored from a dump, begins anew.
final class TimelineWatch: Sendable {
  private let latest = Mutex<(system: Int64, timeline: Int64)?>(nil)

  /// Why a session's server must not be used; nil when it may.
  func reason(_ settings: SessionSettings) -> String? {
    guard let timeline = settings.timeline else { return nil }
    return latest.withLock { latest in
      if let latest, latest.system == settings.system, timeline < latest.timeline {
        return "the server is on timeline \(timeline), and another one was on \(latest.timeline)"
      }
      latest = (settings.system, timeline)
      return nil
    }
  }
}
