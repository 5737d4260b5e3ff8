// Hansard
// SPDX-License-Identifier: Apache-2.0

/// An identifier that the caller chose: of an agent, a user, a canvas or a session.
///
/// 1 to 255 bytes of visible ASCII (0x21…0x7E) without `/ \ ? # %`, and neither `.` nor `..`, so
/// that it is the same byte string in a URL path, in Swift and in PostgreSQL. The phantom `Kind`
/// keeps an agent's id from being passed where a user's is meant.
package struct CallerID<Kind>: Sendable, Hashable, CustomStringConvertible {
  /// The id as the caller wrote it.
  package let rawValue: String

  /// Checks `text`; nil when it is not an acceptable id.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard (1...255).contains(bytes.count), text != ".", text != ".." else { return nil }
    guard bytes.allSatisfy(Self.isAllowed) else { return nil }
    self.rawValue = text
  }

  /// Wraps an id that we made.
  init(made text: String) { rawValue = text }

  /// The id as text.
  package var description: String { rawValue }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    guard (0x21...0x7E).contains(byte) else { return false }
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"),
      UInt8(ascii: "%"):
      return false
    default: return true
    }
  }
}

/// The kinds of caller's ids; never instantiated.
package enum AgentKind {}
/// See `AgentKind`.
package enum UserKind {}
/// See `AgentKind`.
package enum CanvasKind {}
/// See `AgentKind`.
package enum SessionKind {}

/// An agent, as its platform names it.
package typealias AgentID = CallerID<AgentKind>
/// A person or account on whose behalf an agent acts.
package typealias UserID = CallerID<UserKind>
/// The surface an agent works on.
package typealias CanvasID = CallerID<CanvasKind>
/// One sitting of a user with an agent.
package typealias SessionID = CallerID<SessionKind>
