// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// A file of the log is not what it should be; what stands in it is not told.
package struct ErasureLogError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which file, from 1.
  package let segment: Int64

  package var description: String {
    "file \(segment) of the log of erasures is damaged, or another than it should be"
  }
}

/// What a file of the log is called: `erasures/00000000000000000042.ndjson`.
struct ErasureSegment: StoredName {
  /// From 1.
  let number: Int64

  var folder: String { "erasures" }
  var file: String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".ndjson"
  }
}

/// The text of a file of the log of erasures. Version 1, `application/x-ndjson`.
///
/// Lines of JSON objects, each ended by one line feed, written in one way only, as `ArchiveFormat` has it:
/// ```
/// {"hansard_erasures":1,"segment":number,"erasures":count}
/// {"tenant_id":…,"kind":"recording","recording_id":…,"commitment":hash,"tenant_key_id":null,"erased_at":time}
///   … kinds: recording, recovery_session, tenant_key; what a kind does not have is null
/// {"sha256":hash}
/// ```
/// `sha256` is of all bytes before the last line. Nothing in it needs to be kept secret: a commitment says which key it
/// was, and opens nothing.
enum ErasureFormat {
  static let version: Int64 = 1
  /// Erasures in a file, at the most.
  static let mostErasures = 1000
  /// More than so many take.
  static let maximumBytes = 1 << 20

  private static let lineFeed = UInt8(ascii: "\n")

  /// The whole file.
  static func text(_ erasures: [Erasure], of segment: Int64) throws -> [UInt8] {
    var bytes = object { writer in
      writer.key("hansard_erasures")
      writer.int(version)
      writer.key("segment")
      writer.int(segment)
      writer.key("erasures")
      writer.int(Int64(erasures.count))
    }
    for erasure in erasures { bytes += line(erasure) }
    let digest = try RunningSHA256()
    try digest.update(bytes)
    let sha256 = try digest.finish()
    return bytes + object { $0.member("sha256", hex: sha256) }
  }

  /// What a whole file says.
  ///
  /// - Throws: `ErasureLogError` unless writing what was read makes the same bytes.
  static func erasures(in bytes: [UInt8], of segment: Int64) throws -> [Erasure] {
    let lines = bytes.split(separator: lineFeed)
    let erasures = try lines.dropFirst().dropLast().map { line in
      guard let erasure = erasure(in: Array(line)) else { throw ErasureLogError(segment: segment) }
      return erasure
    }
    guard try text(erasures, of: segment) == bytes else { throw ErasureLogError(segment: segment) }
    return erasures
  }

  private static func line(_ erasure: Erasure) -> [UInt8] {
    let subject = erasure.subject
    return object { writer in
      writer.member("tenant_id", erasure.tenant)
      writer.member("kind", subject.kind)
      writer.member("recording_id", subject.recording)
      writer.member("commitment", subject.commitment.map { Hexadecimal.text(of: $0) })
      writer.key("tenant_key_id")
      writer.uuid(subject.tenantKey)
      writer.member("erased_at", erasure.erasedAt)
    }
  }

  private static func erasure(in line: [UInt8]) -> Erasure? {
    guard let root = parsed(line), let tenant = text(root["tenant_id"]).flatMap(TenantID.init),
      let erasedAt = text(root["erased_at"]).flatMap({ Timestamp(rfc3339: $0) }),
      let subject = subject(root)
    else { return nil }
    return Erasure(tenant: tenant, subject: subject, erasedAt: erasedAt)
  }

  private static func subject(_ root: JSONValue) -> Erasure.Subject? {
    let commitment = root["commitment"]?.decodedBytes().flatMap { Hexadecimal.octets(of: $0) }
    switch text(root["kind"]) {
    case "recording":
      guard let id = text(root["recording_id"]).flatMap(RecordingID.init), let commitment else {
        return nil
      }
      return .recording(id, commitment: commitment)
    case "recovery_session": return commitment.map { .recoverySession(commitment: $0) }
    case "tenant_key": return text(root["tenant_key_id"]).flatMap(UUID.init).map { .tenantKey($0) }
    default: return nil
    }
  }

  private static func parsed(_ line: [UInt8]) -> JSONValue? {
    let limits = JSONLimits(depth: 2, stringBytes: 128, numberBytes: 20, keys: 8)
    do throws(JSONError) {
      return try JSONDocument(parsing: line, limits: limits).root
    } catch {
      return nil
    }
  }

  private static func text(_ value: JSONValue?) -> String? {
    do throws(JSONError) {
      return try value?.text()
    } catch {
      return nil
    }
  }

  private static func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 320)
    writer.object(members)
    return writer.takeBytes() + [lineFeed]
  }
}
