// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Synchronization

/// Bounds what is worked on at the same moment, in requests and in bytes of their bodies: beyond,
/// the next one is turned away instead of being kept waiting. One tenant has half of the places at
/// most, so that others always find some.
final class Admission: Sendable {
  private struct State {
    var requests = 0
    var bytes = 0
    var byTenant: [TenantID: Int] = [:]
  }

  private let requestLimit: Int
  private let byteLimit: Int
  private let state = Mutex(State())

  /// Admits up to `requests` at once, with bodies of up to `bytes` together.
  init(requests: Int, bytes: Int) {
    requestLimit = requests
    byteLimit = bytes
  }

  /// Takes a place; false when there is none. Whoever got one gives it back with `leave`.
  func enter() -> Bool {
    state.withLock { state in
      guard state.requests < requestLimit else { return false }
      state.requests += 1
      return true
    }
  }

  /// Makes the place one of `tenant`'s; false when it has its share. Given back with `leave`.
  func enter(for tenant: TenantID) -> Bool {
    state.withLock { state in
      let count = state.byTenant[tenant, default: 0]
      guard count < max(1, requestLimit / 2) else { return false }
      state.byTenant[tenant] = count + 1
      return true
    }
  }

  /// Makes room for more of a body; false when there is none.
  func take(_ bytes: Int) -> Bool {
    state.withLock { state in
      guard bytes <= byteLimit - state.bytes else { return false }
      state.bytes += bytes
      return true
    }
  }

  /// Gives a place back, and the room of its body; `tenant` is whose place it was made, if anybody's.
  func leave(returning bytes: Int, of tenant: TenantID? = nil) {
    state.withLock { state in
      if let tenant, let count = state.byTenant[tenant] {
        state.byTenant[tenant] = count > 1 ? count - 1 : nil
      }
      state.requests = max(0, state.requests - 1)
      state.bytes = max(0, state.bytes - bytes)
    }
  }
}

extension Problem {
  /// The answer to a request for which there is no place.
  static var overloaded: Problem {
    Problem(.overloaded, "Too many requests are being handled at the moment.")
  }
}
