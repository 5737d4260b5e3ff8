// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// The credentials of a request (RFC 6750, section 2.1).
enum BearerToken {
  /// The longest token, in bytes.
  static let maximumBytes = 8192

  /// The text behind `Bearer `. Throws the same problem whatever is wrong with it, which is also
  /// the one for a token that opens nothing.
  static func token(in fields: HTTPFields) throws(Problem) -> String {
    let values = fields[values: .authorization]
    guard values.count == 1, let value = values.first else { throw refused }
    let scheme = value.utf8.prefix(7).map { $0 | 0x20 }
    guard scheme.elementsEqual("bearer ".utf8) else { throw refused }
    let token = value.utf8.dropFirst(7)
    guard (1...maximumBytes).contains(token.count),
      token.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw refused }
    return String(decoding: Array(token), as: UTF8.self)
  }

  /// The one answer to everybody who is not known.
  static var refused: Problem {
    Problem(DomainError.unauthenticated)
  }
}
