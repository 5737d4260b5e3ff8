// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// The public keys that an issuer has at one time: a JWK Set (RFC 7517, section 5).
package struct IssuerKeySet: Sendable {
  /// The largest set, in bytes.
  static let maximumBytes = 256 * 1024
  /// The most keys in a set, useful ones or not.
  static let maximumKeys = 100

  private let keys: [KeyName: IssuerKey]

  /// No keys: nobody is known.
  static let empty = IssuerKeySet(keys: [:])

  private init(keys: [KeyName: IssuerKey]) { self.keys = keys }

  /// Reads a set; keys that are of no use here are passed over.
  ///
  /// - Throws: `KeySetError` for what is no set, and where two useful keys have one name.
  package init(parsing bytes: [UInt8]) async throws(KeySetError) {
    let elements = try Self.elements(of: bytes)
    var keys: [KeyName: IssuerKey] = [:]
    for element in elements {
      guard let key = await IssuerKey(element) else { continue }
      guard keys.updateValue(key, forKey: key.name) == nil else { throw .ambiguous }
    }
    self.keys = keys
  }

  /// How many keys are of use.
  package var count: Int { keys.count }

  /// The key of that name.
  subscript(name: KeyName) -> IssuerKey? { keys[name] }

  /// Whether both sets have keys of the same names.
  func hasNames(of other: IssuerKeySet) -> Bool { keys.keys == other.keys.keys }

  private static func elements(of bytes: [UInt8]) throws(KeySetError) -> [JSONValue] {
    guard bytes.count <= maximumBytes else { throw .tooLarge }
    let limits = JSONLimits(depth: 8, stringBytes: 65_536, numberBytes: 32, keys: 4096)
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes, limits: limits).root
    } catch {
      throw .malformed
    }
    guard root.kind == .object, let keys = root["keys"], keys.kind == .array else {
      throw .malformed
    }
    let elements = Array(keys.elements)
    guard elements.count <= maximumKeys else { throw .tooLarge }
    return elements
  }
}

/// Why a set of keys could not be had.
package enum KeySetError: Error, Equatable, CustomStringConvertible {
  /// Not a JSON object with an array `keys`, or with a name twice.
  case malformed
  /// Two keys have the same id and algorithm.
  case ambiguous
  case tooLarge
  /// The file cannot be read.
  case unreadable
  /// The issuer does not answer.
  case unreachable
  /// The issuer answers with this status.
  case status(Int)
  case timedOut

  package var description: String {
    switch self {
    case .malformed: "is not a JWK Set"
    case .ambiguous: "holds two keys of one id and algorithm"
    case .tooLarge: "is larger than 256 KiB or has more than 100 keys"
    case .unreadable: "cannot be read"
    case .unreachable: "cannot be reached"
    case .status(let code): "is answered with status \(code)"
    case .timedOut: "is not answered in time"
    }
  }
}
